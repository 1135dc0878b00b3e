"""Thousands of damaged clips: each is read or refused; none crashes, hangs, bloats or prints."""

import sys
from functools import cache

import numpy as np
import pytest

from cnn.media import video_decoding
from cnn.paths import ASSETS
from tests.cnn.media.test_video_decoding import made
from tests.support import fuzz

VARIANTS = (400, pytest.param(2_000, marks=pytest.mark.slow))
FRAMES = 4


@pytest.mark.parametrize("variants", VARIANTS)
def test_no_damaged_clip_crashes_hangs_or_bloats(variants: int, fuzz_seed: int) -> None:
    fuzz.survives("tests.cnn.media.test_video_decoding_fuzz", variants, fuzz_seed)


def test_the_files_are_read_before_they_are_damaged() -> None:
    assert all(len(video_decoding.decode_video(data, "whole", FRAMES).frames) == FRAMES for data in files())


@cache
def files() -> tuple[bytes, ...]:
    """Make small clips in every format; the samples that come with the app are among them."""
    small = (made(kind, 6, size=(32, 32)) for kind in ("mp4", "mov", "webm", "gif", "m4v"))
    return (*small, *(path.read_bytes() for path in sorted((ASSETS / "clips").glob("*.mp4"))))


def read(data: bytes) -> str | None:
    """Read a clip, and say what is wrong with its frames."""
    clip = video_decoding.decode_video(data, fuzz.NAME, FRAMES)
    shapes = {(frame.pixels.dtype, frame.pixels.ndim, frame.pixels.shape[-1]) for frame in clip.frames}
    if shapes != {(np.dtype(np.uint8), 3, 3)} or len(clip.frames) > FRAMES:
        return f"gave {len(clip.frames)} frames of {shapes}"
    return None if 0 <= clip.seconds <= video_decoding.MOST_SECONDS else f"gave {clip.seconds} s"


if __name__ == "__main__":
    fuzz.main(files(), read, int(sys.argv[1]), int(sys.argv[2]))
