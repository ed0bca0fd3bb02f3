"""Racing writers: what one of them was told is saved is in the store at the end, whatever the others did.

Sixteen writers save through the program, each adding a mark of its own to what it read. A program that knows nothing
of azedit's lock replaces the store by renaming, as careful programs do, with marks of its own. A reader looks all the
time and must never meet a missing or torn store."""

import os
import random
import subprocess
import threading
import time

from lab import Lab, Report


def add_mark(lab, mark, number):
    """Adds a mark to the store through the program. `True` when it says that it is saved."""
    environment = dict(os.environ, AZEDIT_STATE_DIR=str(lab.state))
    if lab.any_bytes:
        baseline, new = lab.root / f"baseline{number}", lab.root / f"new{number}"
        bytes_read = lab.store.read_bytes()
        baseline.write_bytes(bytes_read)
        new.write_bytes(bytes_read.replace(b"</AzAdminManager>", f"<!-- {mark} --></AzAdminManager>".encode()))
        command = [lab.program, lab.store, new, baseline]
    else:
        command = [lab.program, "edit", lab.store, "create", "group", mark, "--global"]
    done = subprocess.run(list(map(str, command)), env=environment, capture_output=True, text=True)
    return done


def race(program, seconds, writers=16, foreign=False):
    title = f"{writers} racing writers, {seconds} s" + (", and a program without our lock" if foreign else "")
    lab, report = Lab(program), Report(title)
    lab.old = lab.old.replace(b"Operation 1000", b"Operation 999x")  # Any small difference: not the last result.
    lab.store.write_bytes(lab.old)
    end, saved, codes, lock = time.monotonic() + seconds, [], {}, threading.Lock()
    torn, reads, foreign_saves = [], 0, 0

    def write(number):
        n = 0
        while time.monotonic() < end:
            mark = f"w{number}-{n}"
            done = add_mark(lab, mark, number)
            with lock:
                codes[done.returncode] = codes.get(done.returncode, 0) + 1
                if done.returncode == 0:
                    saved.append(mark)
                elif done.returncode not in (5, 6):
                    torn.append(f"exit {done.returncode}: {done.stderr}")
            n += done.returncode == 0

    def read():
        nonlocal reads
        while time.monotonic() < end:
            try:
                content = lab.store.read_bytes()
                if not (content.startswith(b"<?xml") and content.rstrip().endswith(b"</AzAdminManager>")):
                    torn.append(f"a torn store of {len(content)} bytes")
            except FileNotFoundError:
                torn.append("no store under its name")
            reads += 1
            time.sleep(0.001)

    def replace_without_lock():
        """Replaces the store by its own version, which holds all its marks so far. Then the mark must stay: the only
        others are based on what they read. For an instant it may be away, while an exchange is taken back."""
        nonlocal foreign_saves
        while time.monotonic() < end:
            foreign_saves += 1
            mark = f"<!-- foreign {foreign_saves} -->".encode()
            temporary = lab.folder / "foreign"
            temporary.write_bytes(lab.old.replace(b"</AzAdminManager>", mark + b"</AzAdminManager>"))
            os.rename(temporary, lab.store)
            patience = time.monotonic() + 2
            while not has(mark) and time.monotonic() < patience:
                time.sleep(0.005)
            if not has(mark):
                torn.append(f"the other program's version {foreign_saves} was lost")
            # Long enough for a save to fit between two of its versions, or nobody but it would ever save.
            time.sleep(random.uniform(0.02, 0.4))

    def has(mark):
        kept = [lab.store, *lab.folder.glob("*.azedit-conflict-*")]
        return any(mark in path.read_bytes() for path in kept)

    threads = [threading.Thread(target=write, args=(number,)) for number in range(writers)]
    threads.append(threading.Thread(target=read))
    if foreign:
        threads.append(threading.Thread(target=replace_without_lock))
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    # The other program overwrites what it has not read: only without it all that was saved must still be there.
    lost = [] if foreign else [mark for mark in saved if not contains(lab, mark)]
    report.check("race", [f"{mark} was saved and is lost" for mark in lost] + torn)
    report.check("race", [f"{name} is left" for name in lab.strays() if "azedit-conflict" not in name])
    report.check("race", [] if saved else [f"nothing was saved: {codes}"])
    kept = len(list(lab.folder.glob("*.azedit-conflict-*")))
    lab.close()
    summary = f"{len(saved)} saves, {codes.get(5, 0)} conflicts, {codes.get(6, 0)} failed, {reads} reads, {len(lost)} lost"
    return report.end(summary + (f", {foreign_saves} versions of the other program, {kept} kept aside" if foreign else ""))


def contains(lab, mark):
    content = lab.store.read_bytes()
    return f"<!-- {mark} -->".encode() in content if lab.any_bytes else f'Name="{mark}"'.encode() in content
