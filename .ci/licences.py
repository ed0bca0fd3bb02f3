"""Prints who made what is in the programs, and under which terms: every crate with its licence and the texts that it
carries, and the libraries of the compilers. Usage: licences.py TARGET...

The crates are those that cargo links for one of the targets: neither build scripts, macros nor what only tests use."""

import json
import pathlib
import subprocess
import sys

WORDS = ("LICENSE", "LICENCE", "COPYING", "NOTICE", "COPYRIGHT", "UNLICENSE")


def output(*command):
    return subprocess.run(command, check=True, capture_output=True, text=True).stdout


def linked(target):
    """The packages that are linked into azedit for a target."""
    tree = output("cargo", "tree", "--locked", "--edges", "normal,no-proc-macro", "--prefix", "none",
                  "--format", "{p}", "--target", target)
    return {tuple(line.split()[:2]) for line in tree.splitlines() if line}


def texts(folder):
    files = [path for path in sorted(folder.iterdir()) if path.is_file() and path.name.upper().startswith(WORDS)]
    return [path.read_text(errors="replace").replace("\r\n", "\n").strip() for path in files]


def main(*targets):
    wanted = set().union(*(linked(target) for target in targets))
    packages = json.loads(output("cargo", "metadata", "--locked", "--format-version", "1"))["packages"]
    crates = {}
    for package in packages:
        if (package["name"], "v" + package["version"]) in wanted and package["source"]:
            crates[package["name"], package["version"]] = package
    assert len(crates) > 20, "cargo tree and cargo metadata do not name the same crates"

    print(f"azedit is made with these {len(crates)} crates and Rust's own library. Each is used unchanged.\n")
    shared = {}
    for (name, version), package in sorted(crates.items()):
        link = package["repository"] or f"https://crates.io/crates/{name}"
        assert package["license"], f"{name} names no licence"
        print(f"{name} {version}: {package['license']}; {link}")
        found = texts(pathlib.Path(package["manifest_path"]).parent)
        for text in found or [""]:
            shared.setdefault(text, []).append(name)
    print("Rust's own library: MIT OR Apache-2.0, and what RUST-LIBRARY.html lists; https://www.rust-lang.org")
    print("mingw-w64's start-up code (Windows): public domain and ZPL-2.1; https://www.mingw-w64.org")
    print("libgcc (Windows): GPL-3.0 with the GCC Runtime Library Exception; https://gcc.gnu.org")
    print("musl (Linux): MIT; https://musl.libc.org")

    bare = shared.pop("", [])
    if bare:
        print("\nThese carry no text of their own, but name their licence, whose text is below with other crates: "
              + ", ".join(bare) + ".")
    for text, names in sorted(shared.items(), key=lambda item: item[1]):
        print("\n" + "=" * 78 + "\n" + ", ".join(names) + "\n" + "-" * 78 + "\n" + text)


main(*sys.argv[1:])
