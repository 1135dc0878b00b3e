"""Damaged files, each made again from its seed alone."""

import random
import struct
import zlib
from collections.abc import Sequence

HEADER = 64  # bytes at the start of a file where its sizes and kinds mostly stand
NUMBERS = (0, 1, 2, 7, 8, 127, 128, 255, 256, 4_096, 32_767, 32_768, 65_535, 65_536, 2**24, 2**31 - 1, 2**31, 2**32 - 1)
PNG = b"\x89PNG\r\n\x1a\n"


def mutated(files: Sequence[bytes], seed: int) -> bytes:
    """Damage one of `files`, in turn, in one to four ways; the same `seed` makes the same file."""
    rng = random.Random(seed)
    data = bytearray(files[seed % len(files)])
    for _ in range(rng.choice((1, 1, 1, 2, 3, 4))):
        WAYS[rng.randrange(len(WAYS))](data, rng, files)
    if data.startswith(PNG) and rng.random() < 0.7:
        return with_checksums(bytes(data))
    return bytes(data)


def flip_bits(data: bytearray, rng: random.Random, _: Sequence[bytes]) -> None:
    for _turn in range(rng.choice((1, 2, 8, 64))):
        if data:
            data[rng.randrange(len(data))] ^= 1 << rng.randrange(8)


def cut_short(data: bytearray, rng: random.Random, _: Sequence[bytes]) -> None:
    del data[rng.randrange(len(data) + 1) :]


def damage_header(data: bytearray, rng: random.Random, _: Sequence[bytes]) -> None:
    for _turn in range(rng.choice((1, 2, 4))):
        if data:
            data[rng.randrange(min(HEADER, len(data)))] = rng.choice((0, 1, 127, 128, 255, rng.randrange(256)))


def change_number(data: bytearray, rng: random.Random, _: Sequence[bytes]) -> None:
    """Write a telling number anywhere, in two or four bytes of either order: lengths, counts, places, sizes."""
    if len(data) >= 4:
        form = rng.choice(("<H", ">H", "<I", ">I"))
        top = rng.choice((HEADER, 1_024, len(data)))
        place = rng.randrange(max(1, min(top, len(data) - 4)))
        struct.pack_into(form, data, place, rng.choice(NUMBERS) % (1 << 8 * struct.calcsize(form)))


def remove_block(data: bytearray, rng: random.Random, _: Sequence[bytes]) -> None:
    start, end = block(data, rng)
    del data[start:end]


def repeat_block(data: bytearray, rng: random.Random, _: Sequence[bytes]) -> None:
    start, end = block(data, rng)
    data[end:end] = data[start:end] * rng.choice((1, 2, 50))


def swap_blocks(data: bytearray, rng: random.Random, _: Sequence[bytes]) -> None:
    first, second = sorted((block(data, rng), block(data, rng)))
    if first[1] <= second[0]:
        middle = data[first[1] : second[0]]
        data[first[0] : second[1]] = data[slice(*second)] + middle + data[slice(*first)]


def fill_block(data: bytearray, rng: random.Random, _: Sequence[bytes]) -> None:
    start, end = block(data, rng)
    data[start:end] = rng.choice((b"\0", b"\xff", rng.randbytes(1))) * (end - start)


def splice(data: bytearray, rng: random.Random, files: Sequence[bytes]) -> None:
    """Put a part of another file in, or go on with it."""
    other = rng.choice(files)
    start, end = block(other, rng)
    place = rng.randrange(len(data) + 1)
    data[place : rng.choice((place, len(data)))] = other[start:end]


def block(data: bytes | bytearray, rng: random.Random) -> tuple[int, int]:
    """Choose a stretch of `data`, mostly a short one: (first, end)."""
    start = rng.randrange(len(data) + 1)
    return start, min(len(data), start + rng.choice((1, 4, 12, 64, 512, 4_096)))


def with_checksums(data: bytes) -> bytes:
    """Make a PNG's checksums right again, so that the damage gets past them."""
    parts, place = [PNG], len(PNG)
    while place + 8 <= len(data):
        length = int.from_bytes(data[place : place + 4], "big")
        content = data[place + 4 : place + 8 + length]
        parts += [data[place : place + 4], content, struct.pack(">I", zlib.crc32(content))]
        place += 12 + length
    return b"".join(parts)


WAYS = (
    flip_bits,
    cut_short,
    damage_header,
    change_number,
    change_number,
    remove_block,
    repeat_block,
    swap_blocks,
    fill_block,
    splice,
)
