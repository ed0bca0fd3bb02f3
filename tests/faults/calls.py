"""Every system call of a save fails in turn, with every error that it can plausibly have; every write in turn is
claimed by a lying disk; and the process is killed at every call (strace --inject)."""

import collections
import re
import subprocess

from lab import Lab, Report

# Calls that neither touch a file nor tell anything about one.
OF_NO_INTEREST = {
    "arch_prctl", "brk", "clone3", "exit", "exit_group", "execve", "futex", "getegid", "geteuid", "getgid", "getpid",
    "getrandom", "gettid", "getuid", "madvise", "mmap", "mprotect", "mremap", "munmap", "poll", "rseq",
    "rt_sigaction", "rt_sigprocmask", "sched_getaffinity", "sched_yield", "set_robust_list", "sigaltstack", "uname",
    "clock_nanosleep",
}
ERRORS = {
    "open": "EACCES EIO EMFILE", "openat": "EACCES EIO EMFILE ENOSPC EROFS EDQUOT", "read": "EIO EINTR",
    "write": "ENOSPC EIO EDQUOT EINTR EFBIG", "fsync": "EIO ENOSPC EDQUOT", "fdatasync": "EIO",
    "renameat2": "EACCES EIO ENOSPC EXDEV EINVAL EBUSY EPERM ENOSYS EINTR", "rename": "EACCES EIO ENOSPC EBUSY",
    "renameat": "EACCES EIO ENOSPC EBUSY EPERM", "unlink": "EACCES EIO", "unlinkat": "EACCES EIO",
    "fchmod": "EPERM EIO", "fchown": "EPERM EIO", "fsetxattr": "EPERM ENOSPC EOPNOTSUPP", "fgetxattr": "EIO ENODATA",
    "flistxattr": "EIO EOPNOTSUPP", "statx": "EIO EACCES", "newfstatat": "EIO EACCES", "fstat": "EIO",
    "flock": "EIO ENOLCK EINTR EAGAIN", "mkdir": "EACCES ENOSPC EROFS", "linkat": "EPERM EEXIST",
    "faccessat2": "EACCES ENOSYS EIO",
}


def calls_of_a_save(lab):
    """(name, which call of this name, size if it is a write) for each call from the first that names the store on."""
    trace = lab.root / "trace"
    lab.fresh()
    done = lab.run(["strace", "-f", "-s", "0", "-o", trace])
    if done.returncode != 0:
        raise SystemExit(f"strace did not work: {done.stderr}")
    counts, calls, begun = collections.Counter(), {}, False
    for line in trace.read_text(errors="replace").splitlines():
        match = re.match(r"(\d+) +([a-z_0-9]+)\(", line)
        if not match:
            continue
        process, name = match.groups()
        counts[process, name] += 1  # strace counts in each thread by itself
        begun = begun or name != "execve" and str(lab.folder) in line
        if begun and name not in OF_NO_INTEREST:
            size = re.search(r", (\d+)\) += \d+$", line) if name == "write" else None
            calls.setdefault((name, counts[process, name]), int(size.group(1)) if size else 0)
    return [(name, which, size) for (name, which), size in calls.items()]


def strace(lab, name, which, fault):
    return lab.run(["strace", "-f", "-o", "/dev/null", "-e", f"trace={name}", "-e", f"inject={name}:{fault}:when={which}"])


def sweep(program, kills_only=False):
    lab, report = Lab(program), Report("every system call of a save")
    calls = calls_of_a_save(lab)
    outcomes, runs = collections.Counter(), collections.Counter()

    def one(kind, name, which, fault):
        lab.fresh()
        done = strace(lab, name, which, fault)
        if done.stderr.startswith("strace:"):
            raise SystemExit(done.stderr)
        killed = kind == "kill" and done.returncode in (-9, 137)
        runs[kind] += 1
        outcomes["killed" if killed else f"exit {done.returncode}", lab.content()] += 1
        wrong = lab.judge(done, killed)
        # A lock that could not be looked at is not removed; that it does no harm is tried below.
        if name in ("flock", "newfstatat", "fstat"):
            wrong = [text for text in wrong if "azedit-lock is left" not in text]
        if killed or lab.strays():
            # What it left is not in the way of the next save, on whatever it left.
            lab.store.write_bytes(lab.old)
            again = lab.run()
            if again.returncode != 0 or lab.content() != "NEW":
                wrong.append(f"the save after it: exit {again.returncode}, {lab.content()}: {again.stderr}")
            if any(name.endswith("azedit-lock") for name in lab.strays()):
                wrong.append("the lock file is left even by the save after it")
        report.check(f"{name} no. {which} {fault}", wrong, done.stderr)

    for name, which, size in calls:
        if not kills_only:
            for error in ERRORS.get(name, "EIO").split():
                one("error", name, which, f"error={error}")
            if name == "write":
                # Short lines hold the process's number, which may be a digit shorter next time: never claim more
                # than was asked for.
                whole = size if size > 1000 else max(1, size - 10)
                for claimed in {min(100, whole), whole}:
                    one("lie", name, which, f"retval={claimed}")
        one("kill", name, which, "signal=KILL")
    lab.close()
    for (end, content), count in sorted(outcomes.items()):
        print(f"   {end}, store {content}: {count}")
    return report.end(f"{len(calls)} calls, {runs['error']} errors, {runs['lie']} lies, {runs['kill']} kills")


def installed():
    return subprocess.run(["sh", "-c", "command -v strace"], capture_output=True).returncode == 0
