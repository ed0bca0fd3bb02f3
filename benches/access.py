#!/usr/bin/env python3
"""What answers about access cost, as ratios to opening the same store.

    access.py AZEDIT OPEN_STORE STORE...

AZEDIT and OPEN_STORE are release builds of the program and of examples/open_store.rs. STOREs are stores of one shape
and growing size: what grows faster than they do shows as a ratio that grows. Each command runs in alternation with
opening; a ratio is the median over the pairs, of processor time, since that of the machine's other work is not in it.
Comparing opens two stores, and is set against that."""
import argparse
import os
import re
import statistics
import sys
import tempfile

parser = argparse.ArgumentParser()
parser.add_argument("azedit")
parser.add_argument("open_store")
parser.add_argument("stores", nargs="+")
parser.add_argument("--pairs", type=int, default=5)
parser.add_argument("--whole", action="store_true", help="also the whole matrix with its ways (gigabytes of a large store)")
options = parser.parse_args()
null = os.open(os.devnull, os.O_RDWR)


def run(command):
    """Processor seconds of one process."""
    pid = os.posix_spawnp(command[0], command, os.environ, file_actions=[(os.POSIX_SPAWN_DUP2, null, fd) for fd in (0, 1, 2)])
    _, status, usage = os.wait4(pid, 0)
    code = os.waitstatus_to_exitcode(status)
    if code not in (0, 1):
        sys.exit(f"{command}: exit {code}")
    return usage.ru_utime + usage.ru_stime


def measure(store, command, opens=1, pairs=None):
    rows = []
    for _ in range(pairs or options.pairs):
        opening = run([options.open_store, store])
        seconds = run(command)
        rows.append((seconds / (opens * opening), seconds, opening))
    return [statistics.median(column) for column in zip(*rows)]


print("| what | " + " | ".join(f"{os.path.getsize(store) / 1e6:.1f} MB" for store in options.stores) + " |")
print("|---|" + "---|" * len(options.stores))
work = tempfile.mkdtemp(prefix="azedit-bench-")
known = []
for number, store in enumerate(options.stores):
    text = open(store, encoding="utf-8").read()
    member = re.findall("<Member>([^<]*)<", text)
    scope = re.findall('<AzScope [^>]*Name="([^"]*)"', text)
    operation = re.search("<OperationID>([0-9]+)<", text).group(1)
    # The other store of the comparison: somebody else in the middle of it.
    who = member[len(member) // 2]
    other = os.path.join(work, f"{number}.xml")
    with open(other, "w", encoding="utf-8", newline="") as file:
        file.write(text.replace(who, "S-1-5-21-1-2-3-4711", 1))
    known.append((store, other, who, scope[len(scope) // 2], operation))

a = options.azedit
rows = [
    ("`can`, application's level", lambda s, o, w, c, n: [a, "can", s, w, n], 1, None),
    ("`can`, in a scope", lambda s, o, w, c, n: [a, "can", s, w, n, "--scope", c], 1, None),
    ("`who-can`, application's level", lambda s, o, w, c, n: [a, "who-can", s, n], 1, None),
    ("`who-can`, in a scope", lambda s, o, w, c, n: [a, "who-can", s, n, "--scope", c], 1, None),
    ("`access WHO`", lambda s, o, w, c, n: [a, "access", s, w], 1, None),
    ("`access`, text", lambda s, o, w, c, n: [a, "access", s], 1, 3),
    ("`access`, HTML", lambda s, o, w, c, n: [a, "access", s, "--format", "html"], 1, 3),
    ("`diff --access`, one member changed (to opening both)", lambda s, o, w, c, n: [a, "diff", "--access", s, o], 2, 3),
]
if options.whole:
    rows.append(("`access`, CSV with every way", lambda s, o, w, c, n: [a, "access", s, "--format", "csv"], 1, 1))
    rows.append(("`access`, JSON with every way", lambda s, o, w, c, n: [a, "access", s, "--format", "json"], 1, 1))
opened = []
for what, command, opens, pairs in rows:
    cells = []
    for one in known:
        ratio, seconds, opening = measure(one[0], command(*one), opens, pairs)
        opened.append((one[0], opening))
        cells.append(f"{ratio:.2f} ({seconds:.2f} s)")
    print(f"| {what} | " + " | ".join(cells) + " |", flush=True)
print()
for store in options.stores:
    print(f"opening {os.path.basename(store)}: {statistics.median(s for n, s in opened if n == store) * 1000:.0f} ms")
