"""Power cuts: what is on the disk when the machine stops at the n-th system call of a save.

The store lies on a file system in a loop image. The process is killed at each call in turn, the image is copied at
once (it holds what the disk has received), the copy is mounted (which replays its journal) and the store is read. It
must be the old or the new one; and after a save that ended with exit 0 it must be the new one. This shows the order
that the kernel really issued, not every order that a disk may make of it. Needs root."""

import collections
import shutil
import subprocess

import calls
from lab import Lab, Report

KINDS = {"ext4": ("24M", ""), "ext4 noauto_da_alloc": ("24M", "noauto_da_alloc"), "xfs": ("320M", ""), "btrfs": ("128M", "")}
AFTER_SUCCESS = 5


def shell(*command):
    subprocess.run(list(map(str, command)), check=True, capture_output=True)


def crash(program, kind):
    report = Report(f"power cuts, {kind}")
    lab = Lab(program)
    shutil.rmtree(lab.folder)
    lab.folder.mkdir()
    disk = lab.root / "disk"  # In memory, so that the copies are quick.
    disk.mkdir()
    shell("mount", "-t", "tmpfs", "-o", "size=2g", "tmpfs", disk)
    image, copy, second = disk / "image", disk / "copy", disk / "second"
    second.mkdir()
    size, options = KINDS[kind]
    system = kind.split()[0]
    mount_options = ",".join(filter(None, ["loop", options]))
    shell("truncate", "-s", size, image)
    shell(f"mkfs.{system}", "-q", image)
    shell("mount", "-o", mount_options, image, lab.folder)

    def fresh():
        for entry in lab.folder.iterdir():
            if entry.is_file():
                entry.unlink()
        lab.store.write_bytes(lab.old)
        shell("sync", "-f", lab.store)

    lab.fresh = fresh

    def after_power_cut():
        shell("cp", "--sparse=always", image, copy)
        if system == "btrfs":  # Does not mount a copy beside its original.
            shell("umount", lab.folder)
        nouuid = ",nouuid" if system == "xfs" else ""
        shell("mount", "-o", mount_options + nouuid, copy, second)
        content = lab.content(second / "s.xml")
        shell("umount", second)
        if system == "btrfs":
            shell("mount", "-o", mount_options, image, lab.folder)
        return content

    outcomes = collections.Counter()
    try:
        for name, which, _ in calls.calls_of_a_save(lab):
            if name in ("close", "fcntl", "lseek", "read", "statx", "readlink", "fstat", "newfstatat", "getcwd"):
                continue  # They send nothing to a disk.
            fresh()
            calls.strace(lab, name, which, "signal=KILL")
            content = after_power_cut()
            outcomes["killed", content] += 1
            report.check(f"{name} no. {which}", [] if content in ("OLD", "NEW") else [f"the store is {content}"])
        for _ in range(AFTER_SUCCESS):
            fresh()
            done = lab.run()
            content = after_power_cut()
            outcomes[f"exit {done.returncode}", content] += 1
            report.check("after success", [] if (done.returncode, content) == (0, "NEW") else [f"exit {done.returncode}, the store is {content}"])
    finally:
        shell("umount", lab.folder)
        shell("umount", disk)
    lab.close()
    for (end, content), number in sorted(outcomes.items()):
        print(f"   {end}, store {content}: {number}")
    return report.end(f"{sum(outcomes.values())} images")
