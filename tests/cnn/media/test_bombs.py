"""Small clips that would cost much: each is answered or refused in little memory and time, in a process of its own."""

import subprocess
import sys
from collections.abc import Callable
from io import BytesIO
from pathlib import Path

import av
import numpy as np
import pytest

from cnn.media import video_decoding
from cnn.paths import ROOT
from tests.support import fuzz

SIDE = 4096  # px: as large as is read
STREAMS = 40


def pictures(codec: str, count: int) -> tuple[bytes, list[bytes]]:
    """Encode black squares; give the file and its packets."""
    file = BytesIO()
    with av.open(file, "w", format="matroska") as container:
        stream = container.add_stream(codec, rate=10)
        stream.width = stream.height = SIDE
        stream.pix_fmt = "yuv420p"
        stream.options = {"preset": "ultrafast", "tune": "zerolatency"}
        black = np.zeros((SIDE * 3 // 2, SIDE), np.uint8)
        for at in range(count):
            frame = av.VideoFrame.from_ndarray(black, "yuv420p")
            frame.pts = at
            container.mux(stream.encode(frame))
        container.mux(stream.encode())
    with av.open(BytesIO(file.getvalue())) as container:
        return file.getvalue(), [bytes(packet) for packet in container.demux(video=0) if packet.size]


def muxed(source: bytes, muxer: str, streams: int, packets: list[bytes]) -> bytes:
    """Write the same packets into each of many streams; the first packet is the key."""
    file = BytesIO()
    with av.open(BytesIO(source)) as original, av.open(file, "w", format=muxer) as container:
        for stream in [container.add_stream_from_template(original.streams.video[0]) for _ in range(streams)]:
            for at, content in enumerate(packets):
                packet = av.Packet(content)
                packet.stream, packet.time_base = stream, original.streams.video[0].time_base
                packet.pts = packet.dts = at
                packet.is_keyframe = at == 0
                container.mux(packet)
    return file.getvalue()


def many_streams(muxer: str) -> bytes:
    source, packets = pictures("libx264", 1)
    return muxed(source, muxer, STREAMS, packets)


def many_pictures() -> bytes:
    source, (key, step) = pictures("libx264", 2)
    return muxed(source, "matroska", 1, [key, *[step] * 3_000])


def gif() -> bytes:
    """Change one pixel of a large canvas over and over: 115 kB."""
    step = b"!\xf9\4\0\1\0\0\0" + b",\0\0\0\0\1\0\1\0\0" + b"\2\2D\1\0"
    side = SIDE.to_bytes(2, "little")
    return b"GIF89a" + side + side + b"\x80\0\0" + b"\0\0\0\xff\xff\xff" + step * 5_000 + b";"


BOMBS: dict[str, Callable[[], bytes]] = {
    "matroska of many streams": lambda: many_streams("matroska"),
    "mp4 of many streams": lambda: many_streams("mp4"),
    "many pictures from one key": many_pictures,
    "gif": gif,
}


@pytest.mark.parametrize("make", BOMBS.values(), ids=BOMBS)
def test_a_small_clip_costs_little(make: Callable[[], bytes], tmp_path: Path) -> None:
    path = tmp_path / "bomb"
    path.write_bytes(make())
    command = [sys.executable, "-m", "tests.cnn.media.test_bombs", str(path)]
    child = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert (child.returncode, child.stdout, child.stderr) == (0, "None\n", "")


def read(data: bytes) -> None:
    video_decoding.decode_video(data, fuzz.NAME, video_decoding.MOST_FRAMES)


if __name__ == "__main__":
    print(fuzz.fault(read, Path(sys.argv[1]).read_bytes()))
