"""A clip's way in: bytes -> frames spread evenly over it, with their times, safely. No TensorFlow."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from io import BytesIO
from itertools import islice
from time import monotonic
from typing import Any, Final

import av
import numpy as np
from av.container import InputContainer
from av.sidedata.sidedata import SideData
from av.stream import Disposition
from av.video.frame import VideoFrame
from av.video.stream import VideoStream

from cnn.array_types import Pixels
from cnn.errors import BadInput

KINDS: Final = ("mp4", "m4v", "mov", "webm", "gif")  # what people call them
DEMUXERS: Final = "mov,mp4,m4a,3gp,3g2,mj2,matroska,webm,gif"  # and FFmpeg; no playlists, which could name local files
MOST_FRAMES: Final = 64
MOST_BYTES: Final = 100 * 2**20
MOST_SECONDS: Final = 300
MOST_PACKETS: Final = MOST_SECONDS * 240  # 240 frames a second: a phone's slow motion
MOST_PIXELS: Final = 17_000_000  # a frame: 5.3K of action cameras; a decoder holds up to 17 of them
MOST_DECODED: Final[Mapping[str, int]] = {"gif": 2 * 10**9}  # pixels; each picture of a GIF costs its whole canvas
MOST_DECODED_ELSE: Final = 20 * 10**9  # 5 minutes of 1080p that can only be decoded from the start
MOST_WORK: Final = 60  # s of decoding
MOST_STREAMS: Final = 32  # phones and cameras record up to about ten; the rest is not looked at
PROBED: Final = 32  # bytes, the least that FFmpeg takes: it would decode from every stream until it knew all of each
MOST_STRETCH: Final = 16  # times: pixels that are longer are a damaged header
LONGER_PX: Final = 640  # no network sees more; a frame is reduced to it


@dataclass(frozen=True, slots=True, eq=False)
class ClipFrame:
    """One picture of a clip: when it is shown, in s from the beginning, and uint8 (height, width, 3), upright."""

    seconds: float
    pixels: Pixels


@dataclass(frozen=True, slots=True, eq=False)
class VideoClip:
    """A clip: its name, how long it is in s, and at least one frame, in order."""

    name: str
    seconds: float
    frames: tuple[ClipFrame, ...]


@dataclass(frozen=True, slots=True)
class FrameIndex:
    """When the pictures of a stream are shown, sorted, in its own time unit; nothing is decoded for it.

    Attributes:
        times: of all pictures, at least one.
        keys: of those that can be decoded without another.
        end: when the last one goes.
    """

    times: tuple[int, ...]
    keys: tuple[int, ...]
    end: int

    def spread(self, count: int) -> list[int]:
        """Cut the clip into `count` equal parts and list what is shown in the middle of each, nothing twice."""
        count = min(count, len(self.times))
        start, length = self.times[0], self.end - self.times[0]
        middles = (start + (2 * part + 1) * length / (2 * count) for part in range(count))
        return list(dict.fromkeys(self._last(self.times, middle) for middle in middles))

    def key(self, time: int) -> int:
        """Find where decoding must begin for the picture of `time`."""
        return self._last(self.keys, time)

    def cost(self, times: Sequence[int]) -> int:
        """Count the pictures that have to be decoded for those of `times`, sorted."""
        pictures, now = 0, None
        for time in times:
            key = self.key(time)
            begin = bisect_left(self.times, key) if now is None or key > now else bisect_right(self.times, now)
            pictures += bisect_right(self.times, time) - begin
            now = time
        return pictures

    def _last(self, times: Sequence[int], time: float) -> int:
        return times[max(0, bisect_right(times, time) - 1)] if times else self.times[0]


def decode_video(
    data: bytes, name: str, frames: int = 24, on_frame: Callable[[int, int], None] | None = None
) -> VideoClip:
    """Decode some frames of a clip.

    Args:
        data: a file of one of KINDS.
        name: what to call it in errors.
        frames: how many at most, from 1 to MOST_FRAMES; a clip of fewer pictures gives all of them.
        on_frame: told how many frames are read, and of how many; it may raise to end the work.
    Returns: each frame of at most LONGER_PX on its longer side, of square pixels, turned and mirrored as the file
        says, over white where it is transparent; of a file that is cut off, the part that is there.
    Raises: BadInput: empty, over MOST_BYTES, MOST_SECONDS, MOST_PIXELS or MOST_DECODED, without pictures, damaged,
        or no clip.
    """
    if not data:
        raise BadInput(f"{name} is empty. Choose another file.")
    if len(data) > MOST_BYTES:
        raise BadInput(
            f"{name} has {len(data) / 2**20:.0f} MB; at most {MOST_BYTES // 2**20} are read. Cut it shorter."
        )
    if not 1 <= frames <= MOST_FRAMES:
        raise BadInput(f"{frames} frames were asked for. Ask for 1 to {MOST_FRAMES}.")
    with _opened(data, name) as container:
        stream = _pictures(container, name)
        index = _index(container, stream, name)
        times = index.spread(frames)
        _check_cost(container, stream, index.cost(times), name)
        taken = []
        for frame in _taken(container, stream, index, times, name):
            taken.append(frame)
            if on_frame:
                on_frame(len(taken), len(times))
    if not taken:
        raise BadInput(f"{name} is damaged: no picture of it could be decoded. Save or download it again.")
    return VideoClip(name, float((index.end - index.times[0]) * _unit(stream)), tuple(taken))


def _opened(data: bytes, name: str) -> InputContainer:
    bounds = {"max_streams": MOST_STREAMS, "probesize": PROBED, "max_pixels": MOST_PIXELS}
    options = {"format_whitelist": DEMUXERS} | {option: str(most) for option, most in bounds.items()}
    try:
        return av.open(BytesIO(data), "r", options=options)
    except Exception as error:  # FFmpeg's errors, and ValueError or MemoryError where a header is absurd
        kinds = ", ".join(KINDS)
        raise BadInput(f"{name} is no clip that can be read, or it is cut off. Use one of: {kinds}.") from error


def _pictures(container: InputContainer, name: str) -> VideoStream:
    """Find the moving pictures; a song's cover is none."""
    streams = [one for one in container.streams.video if not one.disposition & Disposition.attached_pic]
    if not streams and not container.streams.audio:
        raise BadInput(f"{name} is damaged: there is no picture in it. Save or download it again.")
    if not streams:
        raise BadInput(f"{name} has no pictures, only sound. Choose a clip with a picture.")
    context = streams[0].codec_context
    if context is None:
        raise BadInput(f"{name} is packed in a way that is not read here. Save it as an mp4 in H.264.")
    if context.width * context.height > MOST_PIXELS:
        millions = context.width * context.height / 1e6
        most = MOST_PIXELS // 10**6
        raise BadInput(f"{name} has {millions:,.0f} megapixels a frame; at most {most} are read. Save it in 4K.")
    context.options = {"max_pixels": str(MOST_PIXELS)}  # also where the size changes on the way
    return streams[0]


def _index(container: InputContainer, stream: VideoStream, name: str) -> FrameIndex:
    """List the pictures of a clip; what its header says of its length may be missing or wrong."""
    times, keys, end = [], [], 0
    with suppress(Exception):  # whatever a demuxer raises where a file ends too soon: what came before counts
        for packet in islice(container.demux(stream), MOST_PACKETS + 1):
            if packet.pts is None or packet.is_discard:
                continue
            times.append(packet.pts)
            end = max(end, packet.pts + (packet.duration or 0))
            if packet.is_keyframe:
                keys.append(packet.pts)
    if not times:
        raise BadInput(f"{name} is damaged: there is no picture in it. Save or download it again.")
    index = FrameIndex(tuple(sorted(times)), tuple(sorted(keys)), max(end, *times))
    if len(times) > MOST_PACKETS or (index.end - index.times[0]) * _unit(stream) > MOST_SECONDS:
        raise BadInput(f"{name} is longer than {MOST_SECONDS // 60} minutes. Cut it shorter.")
    return index


def _check_cost(container: InputContainer, stream: VideoStream, pictures: int, name: str) -> None:
    """Refuse what would take minutes before it takes any."""
    most = MOST_DECODED.get(container.format.name, MOST_DECODED_ELSE)
    if pictures * stream.codec_context.width * stream.codec_context.height > most:
        raise BadInput(
            f"{name} would take too long to decode: {pictures:,} large pictures. Save it shorter or smaller."
        )


def _taken(
    container: InputContainer, stream: VideoStream, index: FrameIndex, times: Sequence[int], name: str
) -> Iterator[ClipFrame]:
    """Decode the pictures of `times`, from the nearest key before each where that saves work."""
    deadline = monotonic() + MOST_WORK
    decoded: Iterator[VideoFrame] = iter(())
    now: int | None = None
    try:
        for time in times:
            if now is None or index.key(time) > now:
                container.seek(index.key(time), stream=stream)
                decoded = _decoded(container, stream)
            for frame in decoded:
                now = frame.pts
                if monotonic() > deadline:
                    raise BadInput(f"{name} takes over {MOST_WORK} s to decode. Save it shorter or smaller.")
                if now is not None and now >= time:
                    yield ClipFrame(float((now - index.times[0]) * _unit(stream)), _upright(frame, _stretch(stream)))
                    break
    except BadInput:
        raise
    except Exception:  # FFmpeg's errors, and anything where a frame is absurd: what came before counts
        return


def _decoded(container: InputContainer, stream: VideoStream) -> Iterator[VideoFrame]:
    """Decode on, over what is damaged, to the end of what is there."""
    packets = container.demux(stream)
    with suppress(av.FFmpegError):
        for packet in packets:
            frames: list[Any] = []
            with suppress(av.FFmpegError):
                frames = packet.decode()
            yield from frames


def _stretch(stream: VideoStream) -> float:
    """Tell how many times as wide as high a pixel is, as the file says or else its pictures."""
    told = stream.sample_aspect_ratio or stream.codec_context.sample_aspect_ratio or 1
    return float(told) if 1 / MOST_STRETCH <= told <= MOST_STRETCH else 1.0


def _upright(frame: VideoFrame, stretch: float) -> Pixels:
    """Lay a frame over white, its pixels made square by growing, then turn and mirror it."""
    wide, high = frame.width * max(1.0, stretch), frame.height / min(1.0, stretch)
    scale = min(1.0, LONGER_PX / max(wide, high))
    width, height = max(1, round(wide * scale)), max(1, round(high * scale))
    small = frame.reformat(width, height, format="rgba", interpolation="AREA").to_ndarray()
    colours, opaque = small[..., :3].astype(np.uint16), small[..., 3:].astype(np.uint16)
    over_white = (colours * opaque + 255 * (255 - opaque)) // 255
    return np.ascontiguousarray(_turned(over_white.astype(np.uint8), frame))


def _turned(pixels: Pixels, frame: VideoFrame) -> Pixels:
    """Turn and mirror by the nearest of the eight orientations to the frame's display matrix.

    The matrix ((a, b, u), (c, d, v), (x, y, w)) shows the pixel at (p, q) at (a p + c q + x, b p + d q + y):
    ISO/IEC 14496-12, section 6.2.2.
    """
    matrix = frame.side_data.get("DISPLAYMATRIX")
    if not isinstance(matrix, SideData):
        return pixels
    a, b, _, c, d, *_ = np.frombuffer(bytes(matrix), np.int32)
    if abs(int(a)) + abs(int(d)) < abs(int(b)) + abs(int(c)):
        a, d, pixels = c, b, pixels.swapaxes(0, 1)
    return pixels[:: -1 if d < 0 else 1, :: -1 if a < 0 else 1]


def _unit(stream: VideoStream) -> Any:
    return stream.time_base or 1
