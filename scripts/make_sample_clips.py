"""Write assets/clips/: short clips that pan over photos of scikit-image and fade from one to the next.

Needs the packages `scikit-image` (for its photos) and `av`.
"""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import av
import numpy as np
import skimage
from PIL import Image

from cnn.paths import ASSETS

SIZE = (320, 240)  # px
RATE = 25  # frames a second
SECONDS = 6
FADE = (0.42, 0.58)  # share of the clip over which one photo becomes the next
CRF = 30  # x264's quality: higher is smaller
PHOTOS = Path(skimage.__file__).parent / "data"
LICENCES = {
    "chelsea.png": "CC0, Stefan van der Walt",
    "coffee.png": "CC0, Rachel Michetti",
    "rocket.jpg": "public domain, SpaceX",
    "astronaut.png": "public domain, NASA",
}
TARGET = ASSETS / "clips"


class Move(NamedTuple):
    """A photo and how the camera goes over it: (centre x, centre y, width), as shares of the photo's width."""

    file: str
    start: tuple[float, float, float]
    stop: tuple[float, float, float]


CLIPS = {
    "cat-coffee.mp4": (
        "Cat, then coffee",
        (
            Move("chelsea.png", (0.52, 0.33, 0.98), (0.45, 0.28, 0.6)),
            Move("coffee.png", (0.45, 0.33, 0.5), (0.5, 0.33, 0.85)),
        ),
    ),
    "rocket-astronaut.mp4": (
        "Rocket, then astronaut",
        (
            Move("rocket.jpg", (0.5, 0.34, 0.88), (0.5, 0.3, 0.3)),
            Move("astronaut.png", (0.45, 0.19, 0.45), (0.5, 0.37, 0.98)),
        ),
    ),
}


def main() -> None:
    """Write the clips and their list."""
    TARGET.mkdir(parents=True, exist_ok=True)
    for file, (_, moves) in CLIPS.items():
        encode(TARGET / file, list(pictures(moves)))
    listed = [entry(file, name, moves) for file, (name, moves) in CLIPS.items()]
    (TARGET / "clips.json").write_text(json.dumps(listed, indent=2) + "\n", encoding="utf-8")


def entry(file: str, name: str, moves: tuple[Move, Move]) -> dict[str, str]:
    """Say what a clip is and what it was made of."""
    files = " and ".join(f"data/{move.file}" for move in moves)
    licences = "; ".join(LICENCES[move.file] for move in moves)
    return {"name": name, "file": file, "licence": licences, "source": f"scikit-image {skimage.__version__}, {files}"}


def pictures(moves: tuple[Move, Move]) -> Iterator[Image.Image]:
    """Move over both photos at once, and show the first, then a mixture, then the second."""
    photos = [Image.open(PHOTOS / move.file).convert("RGB") for move in moves]
    for share in np.linspace(0, 1, RATE * SECONDS):
        mixture = float(np.clip((share - FADE[0]) / (FADE[1] - FADE[0]), 0, 1))
        first, second = (view(photo, move, float(share)) for photo, move in zip(photos, moves, strict=True))
        yield Image.blend(first, second, mixture)


def view(photo: Image.Image, move: Move, share: float) -> Image.Image:
    """Cut out what the camera shows after `share` of its way."""
    x, y, wide = (np.array(move.start) * (1 - share) + np.array(move.stop) * share) * photo.width
    half = np.array([wide, wide * SIZE[1] / SIZE[0]]) / 2
    low = np.clip((x, y) - half, 0, np.maximum(0, photo.size - 2 * half))
    return photo.resize(SIZE, Image.Resampling.BICUBIC, box=(*low, *np.minimum(low + 2 * half, photo.size)))


def encode(path: Path, frames: list[Image.Image]) -> None:
    """Write an H.264 clip that browsers play while they load it."""
    with av.open(str(path), "w", format="mp4", options={"movflags": "faststart"}) as container:
        stream = container.add_stream("libx264", rate=RATE, options={"crf": str(CRF), "preset": "veryslow"})
        stream.width, stream.height = SIZE
        stream.pix_fmt = "yuv420p"
        for frame in frames:
            container.mux(stream.encode(av.VideoFrame.from_image(frame)))
        container.mux(stream.encode())


if __name__ == "__main__":
    main()
