"""Reads the resources of a Windows program, and fails unless manifest, version and icon are there.

Usage: resources.py PROGRAM VERSION. The layout is that of the PE format: sections, and in `.rsrc` a tree of three
levels: type, name, language."""

import struct
import sys

ICON, GROUP_ICON, VERSION, MANIFEST = 3, 14, 16, 24


def resources(program):
    """(type, name, language) -> bytes"""
    pe = struct.unpack_from("<I", program, 0x3C)[0]
    assert program[pe:pe + 4] == b"PE\0\0", "not a PE file"
    sections, optional = struct.unpack_from("<H12xH", program, pe + 6)
    at = pe + 24 + optional
    headers = [struct.unpack_from("<8sIIII", program, at + 40 * index) for index in range(sections)]
    name, _, address, size, start = next(header for header in headers if header[0].rstrip(b"\0") == b".rsrc")
    tree, found = program[start:start + size], {}

    def walk(offset, path):
        named, numbered = struct.unpack_from("<12xHH", tree, offset)
        for index in range(named + numbered):
            key, child = struct.unpack_from("<II", tree, offset + 16 + 8 * index)
            if child >> 31:
                walk(child & 0x7FFFFFFF, path + (key,))
            else:
                data, length = struct.unpack_from("<II", tree, child)
                found[path + (key,)] = tree[data - address:data - address + length]

    walk(0, ())
    return found


def main(path, version):
    found = resources(open(path, "rb").read())
    of = lambda kind: [data for (number, *_), data in found.items() if number == kind]
    manifest = b"".join(of(MANIFEST))
    for word in [b'level="asInvoker"', b">true</longPathAware>", b">UTF-8</activeCodePage>", b"{35138b9a-", b"{8e0f7a12-"]:
        assert word in manifest, f"the manifest has no {word.decode()}"
    assert len(of(GROUP_ICON)) == 1 and len(of(ICON)) == 3, "the icon is missing"
    text = b"".join(of(VERSION)).decode("utf-16-le", "replace")
    for word in ["ProductVersion", version, "azedit.exe"]:
        assert word in text, f"the version information has no {word}"
    print(f"{path}: manifest, icon and version {version}")


main(*sys.argv[1:])
