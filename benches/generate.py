#!/usr/bin/env python3
"""Makes a valid AzMan store of any size, the same bytes for the same arguments.

    generate.py SCOPES [--members N] [--indented] > store.xml

Every scope has three role assignments with N members each, linked to role definitions of the application; every
eighth scope has a role definition of its own. About 4.5 KB a scope with 20 members."""
import argparse
import random
import sys

parser = argparse.ArgumentParser()
parser.add_argument("scopes", type=int)
parser.add_argument("--members", type=int, default=20)
parser.add_argument("--indented", action="store_true", help="one element a line; without it all on one line")
options = parser.parse_args()

rng = random.Random(options.scopes)
used = set()


def guid():
    while True:
        n = rng.getrandbits(128)
        if n not in used:
            used.add(n)
            h = f"{n:032x}"
            return f"{h[:8]}-{h[8:12]}-{h[12:16]}-{h[16:20]}-{h[20:]}"


domains = [f"S-1-5-21-{rng.getrandbits(32)}-{rng.getrandbits(32)}-{rng.getrandbits(32)}" for _ in range(4)]
out = sys.stdout.buffer


def line(depth, text):
    lead = "\r\n" + "  " * depth if options.indented else ""
    out.write((lead + text).encode())


def task(depth, name, operations, tasks, role=True):
    g = guid()
    definition = ' RoleDefinition="True"' if role else ""
    line(depth, f'<AzTask Guid="{g}" Name="{name}" Description="" BizRuleImportedPath=""{definition}>')
    for o in sorted(operations):
        line(depth + 1, f"<OperationLink>{o}</OperationLink>")
    for t in sorted(tasks):
        line(depth + 1, f"<TaskLink>{t}</TaskLink>")
    line(depth, "</AzTask>")
    return g


def assignment(depth, name, definition):
    line(depth, f'<AzRole Guid="{guid()}" Name="{name}">')
    line(depth + 1, f"<TaskLink>{definition}</TaskLink>")
    for rid in rng.sample(range(1000, 1000 + 4 * max(options.scopes, 250)), options.members):
        line(depth + 1, f"<Member>{rng.choice(domains)}-{rid}</Member>")
    line(depth, "</AzRole>")


out.write(b'<?xml version="1.0" encoding="utf-8"?>\r\n')
out.write(f'<AzAdminManager MajorVersion="1" MinorVersion="0" Guid="{guid()}" Description="">'.encode())
line(1, f'<AzApplication Guid="{guid()}" Name="Hyper-V services" Description="" ApplicationVersion="1.0.0.0">')
operations = []
for number in range(34):
    operations.append(guid())
    line(2, f'<AzOperation Guid="{operations[-1]}" Name="Operation {number}" Description="">')
    line(3, f"<OperationID>{100 + 5 * number}</OperationID>")
    line(2, "</AzOperation>")
tasks = [task(2, f"Task {n}", rng.sample(operations, 3), [], role=False) for n in range(40)]
roles = [task(2, "Administrator", operations, [])]
roles += [task(2, f"Role {n}", rng.sample(operations, 6), rng.sample(tasks, 2)) for n in range(5)]
assignment(2, "Administrator", roles[0])
for scope in range(options.scopes):
    line(2, f'<AzScope Guid="{guid()}" Name="VM {scope:06}" Description="Tenant {scope % 977}">')
    own = [task(3, "Local role", rng.sample(operations, 4), [])] if scope % 8 == 0 else []
    for number in range(3):
        assignment(3, f"Assignment {number}", rng.choice(roles + own))
    line(2, "</AzScope>")
line(1, "</AzApplication>")
line(0, "</AzAdminManager>")
out.write(b"\r\n")
