#!/usr/bin/env python3
"""Times azedit against its peers and prints the ratios as a Markdown table.

    compare.py AZEDIT QUICK_XML_LOOP STORES [--pairs N] [--schema FILE.xsd]

STORES is a folder with four stores:

    generate.py 4 --members 1 > small.xml
    generate.py 1120 > medium.xml
    generate.py 22130 > large.xml
    generate.py 22130 --indented > large_indented.xml

Every ratio is the median over alternating pairs of whole processes, so that a machine whose speed drifts slows both
sides. Needs xmllint, xmlstarlet and vim. Absolute times are printed for orientation only. Not to be run with real-time
priority: what a program writes to its terminal then arrives only when its threads rest."""
import argparse
import fcntl
import os
import select
import shutil
import statistics
import struct
import sys
import tempfile
import termios
import time

parser = argparse.ArgumentParser()
parser.add_argument("azedit")
parser.add_argument("loop")
parser.add_argument("stores")
parser.add_argument("--pairs", type=int, default=9)
parser.add_argument("--schema", help="XML schema of AzMan stores for xmllint")
options = parser.parse_args()

state = tempfile.mkdtemp(prefix="azedit-bench-state-")
env = dict(os.environ, AZEDIT_STATE_DIR=state, TERM="xterm-256color", LC_ALL="C.UTF-8")
store = lambda name: os.path.join(options.stores, name + ".xml")


def run(command):
    """Wall seconds and peak resident KiB of one process."""
    null = os.open(os.devnull, os.O_RDWR)
    actions = [(os.POSIX_SPAWN_DUP2, null, fd) for fd in (0, 1, 2)]
    begin = time.perf_counter()
    pid = os.posix_spawnp(command[0], command, env, file_actions=actions)
    _, status, usage = os.wait4(pid, 0)
    seconds = time.perf_counter() - begin
    os.close(null)
    code = os.waitstatus_to_exitcode(status)
    if code not in (0, 1):
        sys.exit(f"{command}: exit {code}")
    return seconds, usage.ru_maxrss


def pairs(ours, theirs, before=lambda: None, count=None):
    """Medians: our seconds, theirs, ours / theirs pair by pair, our peak KiB."""
    rows = []
    for number in range((count or options.pairs) + 1):
        before()
        mine = run(ours)
        before()
        yours = run(theirs)
        if number:  # the first pair warms the caches
            rows.append((mine[0], yours[0], mine[0] / yours[0], mine[1]))
    return [statistics.median(column) for column in zip(*rows)]


class Terminal:
    """A program in a pseudo-terminal of 160 x 50."""

    def __init__(self, command):
        self.master, slave = os.openpty()
        fcntl.ioctl(slave, termios.TIOCSWINSZ, struct.pack("HHHH", 50, 160, 0, 0))
        actions = [(os.POSIX_SPAWN_OPEN, 0, os.ttyname(slave), os.O_RDWR, 0)]
        actions += [(os.POSIX_SPAWN_DUP2, 0, fd) for fd in (1, 2)]
        self.begin = time.perf_counter()
        self.pid = os.posix_spawnp(command[0], command, env, file_actions=actions, setsid=True)
        os.close(slave)

    def until_quiet(self, begin, ready, quiet, limit=60):
        """Seconds from `begin` to the last byte before the output rests after `ready` was seen; and the bytes."""
        seen, last = b"", None
        while time.perf_counter() - begin < limit:
            wait = quiet if last is not None and ready in seen else limit
            if not select.select([self.master], [], [], wait)[0]:
                return last, seen
            try:
                data = os.read(self.master, 1 << 20)
            except OSError:
                break
            seen += data
            last = time.perf_counter() - begin
        sys.exit(f"never ready: {seen[-300:]!r}")

    def key(self, key):
        begin = time.perf_counter()
        os.write(self.master, key)
        seconds, seen = self.until_quiet(begin, b"", 0.025, limit=5)
        if seconds is None:
            sys.exit(f"{key!r} draws nothing")
        return seconds, len(seen)

    def cpu(self):
        """Nanoseconds on a processor, all threads."""
        total = 0
        for thread in os.listdir(f"/proc/{self.pid}/task"):
            total += int(open(f"/proc/{self.pid}/task/{thread}/schedstat").read().split()[0])
        return total

    def close(self):
        os.kill(self.pid, 9)
        os.waitpid(self.pid, 0)
        os.close(self.master)


def first_frame(command, ready):
    terminal = Terminal(command)
    seconds, _ = terminal.until_quiet(terminal.begin, ready, 0.06)
    terminal.close()
    return seconds


def frame_pairs(ours, theirs, their_ready, count):
    rows = []
    for number in range(count + 1):
        mine = first_frame(ours, b"services")
        yours = first_frame(theirs, their_ready)
        if number:
            rows.append((mine, yours, mine / yours))
    return [statistics.median(column) for column in zip(*rows)]


def keys(path, count=120):
    terminal = Terminal([options.azedit, path])
    terminal.until_quiet(terminal.begin, b"services", 0.1)
    terminal.key(b"\x1b[C")
    samples = [terminal.key(b"j" if number % 20 < 10 else b"k") for number in range(count)]
    before = terminal.cpu()
    time.sleep(5)
    idle = terminal.cpu() - before
    terminal.close()
    seconds, sizes = zip(*samples)
    return statistics.median(seconds), sorted(seconds)[int(count * 0.99)], statistics.median(sizes), max(sizes), idle


print(f"{time.strftime('%Y-%m-%d')}, {os.cpu_count()} cores, {options.pairs} pairs\n")
print("| what | azedit | peer | ratio | target |")
print("|---|---|---|---|---|")
row = lambda what, mine, yours, ratio, target: print(f"| {what} | {mine} | {yours} | {ratio} | {target} |", flush=True)
ms = lambda seconds: f"{seconds * 1000:.1f} ms"

if options.schema:
    for name in ("small", "medium", "large"):
        mine, yours, ratio, _ = pairs(
            [options.azedit, "check", store(name)],
            ["xmllint", "--noout", "--schema", options.schema, store(name)],
            count=40 if name == "small" else None,
        )
        target = {"small": "≤ 0.5", "medium": "", "large": "≤ 0.25"}[name]
        row(f"open + check, {name}, against `xmllint --schema`", ms(mine), ms(yours), f"{ratio:.2f}", target)
for name in ("large", "large_indented"):
    mine, yours, ratio, peak = pairs([options.azedit, "check", store(name)], [options.loop, store(name)])
    row(f"open + check, {name}, against a bare quick-xml loop", ms(mine), ms(yours), f"{ratio:.2f}", "≤ 1.5")
    size = os.path.getsize(store(name))
    allowed = size * 1.6 + (8 << 20)
    row(f"peak memory of that", f"{peak / 1024:.0f} MiB", f"{size / 1048576:.0f} MiB file",
        f"{peak * 1024 / size:.2f}", f"≤ {allowed / size:.2f}")

work = tempfile.mkdtemp(prefix="azedit-bench-", dir=options.stores)
copy = os.path.join(work, "store.xml")
for name in ("medium", "large"):
    fresh = lambda: shutil.copyfile(store(name), copy)
    edit = [options.azedit, "edit", copy, "set", "store", "description", "benchmark"]
    peer = ["xmlstarlet", "ed", "-L", "-P", "-u", "/AzAdminManager/@Description", "-v", "benchmark", copy]
    mine, yours, ratio, _ = pairs(edit, peer, fresh, count=min(options.pairs, 7))
    target = "≤ 0.5" if name == "large" else ""
    row(f"one edit, {name}, with fsync, against `xmlstarlet ed` without", ms(mine), ms(yours), f"{ratio:.2f}", target)
shutil.rmtree(work)

for name, count in (("small", 15), ("large_indented", 7)):
    mine, yours, ratio = frame_pairs(
        [options.azedit, store(name)], ["vim", "-u", "NONE", "-R", store(name)], b"AzAdminManager", count
    )
    row(f"first frame, {name}, against `vim -u NONE`", ms(mine), ms(yours), f"{ratio:.2f}", "≤ 1.5")
small, large = keys(store("small")), keys(store("large"))
row("key to screen, small, p50 / p99", ms(small[0]), "", ms(small[1]), "p50 ≤ 0.6 ms")
row("key to screen, large, p50 / p99", ms(large[0]), "", ms(large[1]), "p50 ≤ 0.6 ms")
row("key to screen, large against small", ms(large[0]), ms(small[0]), f"{large[0] / small[0]:.2f}", "≤ 1.3")
row("bytes a cursor move, median / most", f"{small[2]:.0f}", "", f"{small[3]}", "≤ 400")
row("processor time in 5 s idle, small / large", f"{small[4] / 1e6:.3f} ms", "", f"{large[4] / 1e6:.3f} ms", "0")
shutil.rmtree(state)
