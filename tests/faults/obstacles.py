"""Real obstacles, not injected ones: full and read-only file systems, flags, limits, foreign owners, files that are
none. Each says which exit codes it may end with; the store is judged as everywhere. Needs root (mounts, owners)."""

import os
import pathlib
import shutil
import subprocess

from lab import Lab, Report, attributes

NOBODY = 65534
AS_NOBODY = ["setpriv", f"--reuid={NOBODY}", f"--regid={NOBODY}", "--clear-groups"]


def shell(*command):
    subprocess.run(list(map(str, command)), check=True, capture_output=True)


class Mounted:
    """A file system on the store's folder (or the state folder), with the old store in it."""

    def __init__(self, lab, *mount, image=None, on=None):
        self.lab, self.mount, self.image, self.on = lab, mount, image, on or lab.folder

    def __enter__(self):
        self.lab.fresh()
        self.on.mkdir(exist_ok=True)
        if self.image:
            path = self.lab.root / "image"
            shell("truncate", "-s", "8M", path)
            shell("mkfs.ext4", "-q", "-m0", path)
            shell("mount", "-o", "loop", path, self.on)
        else:
            shell("mount", *self.mount, "tmpfs", self.on)
        if self.on == self.lab.folder:
            self.lab.store.write_bytes(self.lab.old)
            self.lab.store.chmod(0o640)
            self.lab.attributes = attributes(self.lab.store)
        return self

    def __exit__(self, *_):
        shell("umount", self.on)


def fill(folder):
    """Takes all the room that is left."""
    with open(folder / "lost+found", "wb") if not (folder / "lost+found").exists() else open(folder / "lost+found" / "f", "wb") as file:
        try:
            while file.write(bytes(4096)):
                file.flush()
        except OSError:
            pass


class Flag:
    def __init__(self, flag, path):
        self.flag, self.path = flag, path

    def __enter__(self):
        shell("chattr", f"+{self.flag}", self.path)

    def __exit__(self, *_):
        shell("chattr", f"-{self.flag}", self.path)


def obstacles(program):
    lab, report = Lab(program), Report("real obstacles")
    os.chmod(lab.root, 0o755)  # Other users have to get to the store.
    count = 0

    def expect(what, codes, before=(), **options):
        nonlocal count
        count += 1
        done = lab.run(before, **options)
        # In a folder that takes no removal the temporary file stays; the message names it.
        wrong = lab.judge(done)
        if done.returncode not in codes:
            wrong.append(f"exit {done.returncode}, expected {codes}")
        print(f"   {what}: exit {done.returncode}  {done.stderr.strip().splitlines()[-1:] or ''}".replace(str(lab.root), ""))
        report.check(what, wrong, done.stderr)

    def for_nobody(folder_mode=0o755, file_mode=0o644, folder_owner=NOBODY, owner=NOBODY, group=NOBODY):
        lab.fresh()
        lab.state.mkdir()
        os.chown(lab.state, NOBODY, NOBODY)
        os.chown(lab.folder, folder_owner, -1)
        os.chown(lab.store, owner, group)
        lab.store.chmod(file_mode)
        lab.folder.chmod(folder_mode)
        lab.attributes = attributes(lab.store)

    with Mounted(lab, "-t", "tmpfs", "-o", "size=256k"):
        expect("full tmpfs", [6])
    with Mounted(lab, "-t", "tmpfs", "-o", "size=4m,nr_inodes=2"):
        expect("tmpfs without inodes", [6])
    with Mounted(lab, image="ext4"):
        fill(lab.folder)
        expect("full ext4 (delayed allocation)", [6])
    with Mounted(lab, "-t", "tmpfs", "-o", "size=64k,mode=700", on=lab.state):
        expect("no room for the backup", [6])
    with Mounted(lab, "-t", "tmpfs"):
        shell("mount", "-o", "remount,ro", lab.folder)
        expect("read-only file system", [6])
    lab.fresh()
    with Flag("i", lab.store):
        expect("immutable file", [6])
    lab.fresh()
    with Flag("i", lab.folder):
        expect("immutable folder", [6])
    lab.fresh()
    with Flag("a", lab.folder):
        expect("append-only folder", [6])
    lab.fresh()
    expect("file size limit of 100 KB", [6], ["prlimit", "--fsize=102400"])
    lab.fresh()
    expect("five file descriptors", [3, 6], ["prlimit", "--nofile=5"])
    for_nobody(folder_mode=0o555)
    expect("folder without write permission", [6], AS_NOBODY)
    for_nobody(file_mode=0o444)
    expect("read-only file of our own", [6], AS_NOBODY)
    for_nobody(folder_mode=0o1777, file_mode=0o666, folder_owner=0, owner=0)
    expect("another user's file in a sticky folder", [6], AS_NOBODY)
    for_nobody(file_mode=0o664, owner=NOBODY, group=0)
    expect("a group that we are not in", [6], AS_NOBODY)
    for_nobody(file_mode=0o660, owner=0, group=NOBODY)
    expect("another user's file, writable by our group", [6], AS_NOBODY)
    for_nobody()
    expect("an ordinary user's own file", [0], AS_NOBODY)
    for_nobody()
    os.chown(lab.state, 0, 0)
    expect("another user's state folder", [6], AS_NOBODY)
    lab.fresh()
    os.link(lab.store, lab.root / "second")
    expect("two names (hard links)", [6])
    os.unlink(lab.root / "second")
    lab.fresh()
    (lab.folder / ".s.xml.azedit-lock").symlink_to("/etc/shadow")
    done = lab.run()
    report.check("planted lock", ["the lock followed a link"] if done.returncode == 0 else [], done.stderr)
    count += 1
    for what, make in [("FIFO", os.mkfifo), ("folder", os.mkdir)]:
        shutil.rmtree(lab.folder)
        lab.folder.mkdir()
        make(lab.store)
        done = lab.run()
        count += 1
        print(f"   {what}: exit {done.returncode}  {done.stderr.strip()[-120:]}".replace(str(lab.root), ""))
        report.check(what, [] if done.returncode == 3 and "not a file" in done.stderr else [f"exit {done.returncode}"], done.stderr)
    links(lab, report)
    lab.close()
    return report.end(f"{count} obstacles")


def links(lab, report):
    """A chain of links, absolute and relative, stays; what it leads to is saved with all its attributes."""
    lab.fresh()
    subprocess.run(["setfacl", "-m", "u:nobody:rw,g:12345:r", str(lab.store)], check=False, capture_output=True)
    lab.attributes = attributes(lab.store)
    first, second = lab.root / "first", lab.root / "second"
    for link, to in [(first, "store/s.xml"), (second, str(first))]:
        pathlib.Path(link).unlink(missing_ok=True)
        link.symlink_to(to)
    done = lab.run(store=second)
    wrong = lab.judge(done)
    if done.returncode != 0 or os.readlink(first) != "store/s.xml" or os.readlink(second) != str(first):
        wrong.append("the links did not stay")
    report.check("chain of links", wrong, done.stderr)
