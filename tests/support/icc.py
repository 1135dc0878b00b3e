"""Colour profiles to order: any name over any primaries and curve (ICC.1:2022, sections 7, 9 and 10)."""

import struct
from collections.abc import Sequence

D50 = (0.9642, 1.0, 0.8249)
SRGB = ((0.43607, 0.22249, 0.01392), (0.38515, 0.71687, 0.09708), (0.14307, 0.06061, 0.7141))  # XYZ of red, green, blue
DISPLAY_P3 = ((0.51512, 0.2412, -0.00105), (0.29198, 0.69225, 0.04189), (0.1571, 0.06657, 0.78407))


def _fixed(numbers: Sequence[float]) -> bytes:
    return struct.pack(f">{len(numbers)}i", *(round(number * 65536) for number in numbers))


LINEAR = b"curv" + bytes(8)
SRGB_CURVE = b"para" + bytes(4) + b"\0\3\0\0" + _fixed((2.4, 1 / 1.055, 0.055 / 1.055, 1 / 12.92, 0.04045))


def profile(name: str, curve: bytes, primaries: Sequence[Sequence[float]] = ()) -> bytes:
    """Write a profile of a display; of grey where it has no primaries."""
    written = name.encode("utf-16-be")
    tags = {b"desc": b"mluc" + struct.pack(">5I", 0, 1, 12, 0x656E5553, len(written)) + struct.pack(">I", 28) + written}
    tags[b"wtpt"] = b"XYZ " + bytes(4) + _fixed(D50)
    for letter, colour in zip("rgb", primaries, strict=False):
        tags[f"{letter}XYZ".encode()] = b"XYZ " + bytes(4) + _fixed(colour)
        tags[f"{letter}TRC".encode()] = curve
    if not primaries:
        tags[b"kTRC"] = curve
    place, table, body = 132 + 12 * len(tags), b"", b""
    for tag, content in tags.items():
        table += tag + struct.pack(">II", place + len(body), len(content))
        body += content + bytes(-len(content) % 4)
    head = (
        struct.pack(">II", place + len(body), 0) + b"\x04\x30\0\0mntr" + (b"RGB " if primaries else b"GRAY") + b"XYZ "
    )
    head += bytes(12) + b"acsp" + bytes(28) + _fixed(D50)
    return head + bytes(128 - len(head)) + struct.pack(">I", len(tags)) + table + body
