"""Draws azedit.ico: a console with a tree of three rows, the last of them selected. Usage: icon.py > azedit.ico

One picture of 16 x 16 points serves all sizes, each point becoming 1, 2 or 3 pixels across."""

import struct
import sys

PICTURE = """
................
.tttttttttttttt.
.tbtbtbtttttttt.
.kkkkkkkkkkkkkk.
.kwwwkkkkkkkkkk.
.kkgkkkkkkkkkkk.
.kkgggwwwwwwkkk.
.kkgkkkkkkkkkkk.
.kkgkkkkkkkkkkk.
.kkgggwwwwkkkkk.
.kkgkkkkkkkkkkk.
.kssssssssssssk.
.ksgggwwwwwwwsk.
.kssssssssssssk.
.kkkkkkkkkkkkkk.
................
""".split()
# Red, green, blue. `.` is transparent.
COLOURS = {".": (0, 0, 0), "k": (24, 28, 38), "t": (92, 104, 132), "b": (214, 220, 232), "w": (236, 240, 246),
           "g": (122, 162, 247), "s": (38, 92, 168)}
LETTERS = list(COLOURS)


def image(scale):
    """A bitmap with 16 colours and a mask, rows from the bottom up, each a multiple of 4 bytes long."""
    side = 16 * scale
    rows = [[LETTERS.index(letter) for letter in row for _ in range(scale)] for row in PICTURE for _ in range(scale)]
    colours, mask = b"", b""
    for row in reversed(rows):
        line = bytes(row[x] << 4 | row[x + 1] for x in range(0, side, 2))
        colours += line.ljust((side // 2 + 3) // 4 * 4, b"\0")
        bits = int("".join("1" if point == 0 else "0" for point in row), 2).to_bytes(side // 8, "big")
        mask += bits.ljust((side // 8 + 3) // 4 * 4, b"\0")
    header = struct.pack("<IiiHHIIiiII", 40, side, 2 * side, 1, 4, 0, len(colours), 0, 0, 0, 0)
    palette = b"".join(bytes((blue, green, red, 0)) for red, green, blue in COLOURS.values()).ljust(64, b"\0")
    return side, header + palette + colours + mask


images = [image(scale) for scale in (1, 2, 3)]
out, offset = struct.pack("<HHH", 0, 1, len(images)), 6 + 16 * len(images)
for side, data in images:
    out += struct.pack("<BBBBHHII", side, side, 16, 0, 1, 4, len(data), offset)
    offset += len(data)
sys.stdout.buffer.write(out + b"".join(data for _, data in images))
