"""What all fault tests share: the store they work on, the program they try, and the judge.

A test folder is made fresh for each run: `store/s.xml` (the store, alone in its folder) and `state` (azedit's state
folder). The program is either azedit itself, which changes the store's description, or the example `replace_file`,
which puts given bytes in place; what the result has to be is taken from one undisturbed run.
"""

import os
import pathlib
import shutil
import subprocess
import tempfile
import time
import uuid

CODES = "0 done, 3 unreadable, 4 refused, 5 conflict, 6 failed, 7 not confirmed"  # contract of the command line
REPLACED, UNCHANGED = (0, 7), (1, 2, 3, 4, 5, 6)
TIME_LIMIT = 30


def old_store(operations=1000):
    """A store of about 200 KB in the shape that azman.msc writes. The same every time."""
    guid = lambda n: str(uuid.UUID(int=0x5A << 120 | 4 << 76 | 8 << 60 | n))
    lines = ['<?xml version="1.0" encoding="utf-8"?>',
             f'<AzAdminManager MajorVersion="1" MinorVersion="0" Guid="{guid(0)}" Description="old">',
             f'  <AzApplication Guid="{guid(1)}" Name="Hyper-V services" Description="" ApplicationVersion="">']
    for n in range(operations):
        lines.append(f'    <AzOperation Guid="{guid(n + 2)}" Name="Operation {n + 1}" Description="made for a test">'
                     f'<OperationID>{n + 1}</OperationID></AzOperation>')
    lines += ['  </AzApplication>', '</AzAdminManager>', '']
    return "\r\n".join(lines).encode()


class Lab:
    """A folder with a store, and the program that changes it."""

    def __init__(self, program, root=None):
        self.program = str(pathlib.Path(program).resolve())
        self.any_bytes = "replace_file" in os.path.basename(self.program)
        self.root = pathlib.Path(root) if root else pathlib.Path(tempfile.mkdtemp(prefix="azedit-faults-"))
        self.root.mkdir(exist_ok=True)
        self.folder, self.state = self.root / "store", self.root / "state"
        self.store, self.new_file = self.folder / "s.xml", self.root / "new"
        self.old = old_store()
        self.new_file.write_bytes(self.old.replace(b'Description="old"', b'Description="new"'))
        self.fresh()
        done = self.run()
        if done.returncode != 0:
            raise SystemExit(f"the undisturbed run failed: exit {done.returncode}: {done.stderr}")
        self.new = self.store.read_bytes()
        if self.new == self.old:
            raise SystemExit("the undisturbed run changed nothing")

    def fresh(self):
        """The old store with an owner, a mode and an attribute of its own; no state folder."""
        for folder in (self.folder, self.state):
            shutil.rmtree(folder, ignore_errors=True)
        self.folder.mkdir(parents=True)
        self.store.write_bytes(self.old)
        if os.geteuid() == 0:
            os.chown(self.store, 12345, 54321)
        self.store.chmod(0o640)
        try:
            os.setxattr(self.store, "user.note", b"keep me")
        except OSError:
            pass  # A file system without them has nothing to lose.
        self.attributes = attributes(self.store)

    def command(self, store=None):
        store = str(store or self.store)
        if self.any_bytes:
            return [self.program, store, str(self.new_file)]
        return [self.program, "edit", store, "set", "store", "description", "new"]

    def run(self, before=(), store=None, **options):
        """Runs the program once, behind `before` (strace, prlimit …). A run that hangs is ended: exit 124."""
        environment = dict(os.environ, AZEDIT_STATE_DIR=str(self.state), RUST_BACKTRACE="0")
        command = [*map(str, before), *self.command(store)]
        try:
            return subprocess.run(command, env=environment, capture_output=True, text=True, timeout=TIME_LIMIT, **options)
        except subprocess.TimeoutExpired:
            return subprocess.CompletedProcess(command, 124, "", "hung")

    def content(self, store=None):
        """OLD, NEW, GONE or TORN: what is under the store's name."""
        try:
            found = (store or self.store).read_bytes()
        except FileNotFoundError:
            return "GONE"
        return "OLD" if found == self.old else "NEW" if found == self.new else f"TORN({len(found)} bytes)"

    def strays(self, folder=None):
        return sorted(entry.name for entry in (folder or self.folder).iterdir() if entry.name not in ("s.xml", "lost+found"))

    def backups(self):
        return [path.read_bytes() for path in self.state.glob("backups/*/*.xml")]

    def judge(self, done, killed=False):
        """The violations of the promises in what a run left behind; none is the empty list."""
        code, content = done.returncode, self.content()
        wrong = []
        if content not in ("OLD", "NEW"):
            wrong.append(f"the store is {content}")
        if not killed:
            expected = "NEW" if code in REPLACED else "OLD" if code in UNCHANGED else None
            if expected is None:
                wrong.append(f"exit {code} is none of: {CODES}")
            elif content != expected:
                wrong.append(f"exit {code}, but the store is {content}")
        if content == "NEW" and self.old not in self.backups():
            wrong.append("replaced without a backup")
        if content != "GONE" and attributes(self.store) != self.attributes:
            wrong.append(f"attributes were {self.attributes}, are {attributes(self.store)}")
        if not killed:
            wrong += [f"{name} is left, and no message names it" for name in self.strays() if name not in done.stderr]
        return wrong

    def close(self):
        shutil.rmtree(self.root, ignore_errors=True)


def attributes(path):
    """Owner, group, mode and extended attributes (access control lists are among them)."""
    status = os.stat(path)
    try:
        extended = {name: os.getxattr(path, name) for name in os.listxattr(path)}
    except OSError:
        extended = {}
    return status.st_uid, status.st_gid, oct(status.st_mode), extended


class Report:
    """Counts, prints what is wrong, and knows whether anything was."""

    def __init__(self, title):
        self.title, self.start, self.wrong = title, time.monotonic(), 0
        print(f"== {title}", flush=True)

    def check(self, label, violations, said=""):
        for violation in violations:
            self.wrong += 1
            if self.wrong <= 25:
                print(f"WRONG  {label}: {violation}\n       {said.strip()[-300:]}", flush=True)

    def end(self, summary):
        print(f"{summary}; {self.wrong} violations, {time.monotonic() - self.start:.0f} s", flush=True)
        return self.wrong
