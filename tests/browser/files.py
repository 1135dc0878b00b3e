"""Files to bring, made here: photos and clips, good and damaged."""

from __future__ import annotations

from io import BytesIO

import av
import numpy as np
from PIL import Image

SIZE = (96, 72)  # px, of photos and clips
DAMAGED = b"\x89PNG\r\n\x1a\n" + b"no picture" * 20


def png(seed: int = 0) -> bytes:
    """Paint a photo: blocks of colour, others for each seed."""
    blocks = np.random.default_rng(seed).integers(0, 256, (6, 8, 3), np.uint8)
    file = BytesIO()
    Image.fromarray(blocks).resize(SIZE, Image.Resampling.NEAREST).save(file, "PNG")
    return file.getvalue()


def mp4(frames: int = 20, rate: int = 10) -> bytes:
    """Film a clip that goes from dark to light, `rate` frames a second."""
    file = BytesIO()
    with av.open(file, "w", format="mp4") as container:
        stream = container.add_stream("libx264", rate=rate)
        stream.width, stream.height = SIZE
        stream.pix_fmt = "yuv420p"
        for grey in np.linspace(0, 255, frames).astype(np.uint8):
            picture = np.full((SIZE[1], SIZE[0], 3), grey, np.uint8)
            container.mux(stream.encode(av.VideoFrame.from_ndarray(picture)))
        container.mux(stream.encode())
    return file.getvalue()
