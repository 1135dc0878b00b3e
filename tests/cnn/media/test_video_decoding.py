"""Clips come in: every format, evenly, upright; what is no clip gets one sentence."""

from __future__ import annotations

import struct
from collections.abc import Iterator
from fractions import Fraction
from io import BytesIO
from typing import Any

import av
import numpy as np
import pytest

from cnn.errors import BadInput
from cnn.media import video_decoding

RATE, COUNT, STEP = 10, 30, 8  # frame n of the clips is grey n * STEP, shown at n / RATE s
CODECS = {"mp4": "libx264", "mov": "libx264", "webm": "libvpx-vp9", "gif": "gif", "m4v": "mpeg4"}
MUXERS = {"m4v": "mp4"}


def made(
    kind: str, count: int = COUNT, size: tuple[int, int] = (64, 48), times: list[int] | None = None, gop: int = 12
) -> bytes:
    """Encode a clip whose grey tells the frame's number; `times` in 1 / RATE s."""
    file = BytesIO()
    with av.open(file, "w", format=MUXERS.get(kind, kind)) as container:
        stream = container.add_stream(CODECS[kind], rate=RATE)
        stream.width, stream.height = size
        stream.pix_fmt = "rgb8" if kind == "gif" else "yuv420p"
        stream.gop_size = gop
        for at in range(count):
            frame = av.VideoFrame.from_ndarray(np.full((size[1], size[0], 3), at * STEP, np.uint8))
            frame.pts = (times or range(count))[at]
            container.mux(stream.encode(frame))
        container.mux(stream.encode())
    return file.getvalue()


def sound(muxer: str, codec: str) -> bytes:
    file = BytesIO()
    with av.open(file, "w", format=muxer) as container:
        stream = container.add_stream(codec, rate=48000, layout="mono")
        frame = av.AudioFrame.from_ndarray(np.zeros((1, 960), np.float32), "fltp", "mono")
        frame.sample_rate, frame.pts = 48000, 0
        container.mux(stream.encode(frame))
        container.mux(stream.encode())
    return file.getvalue()


def numbers(clip: video_decoding.VideoClip) -> list[int]:
    """Read which frames were taken."""
    return [round(float(frame.pixels.mean()) / STEP) for frame in clip.frames]


Matrix = tuple[int, int, int, int]  # a, b, c, d: the pixel at (p, q) is shown at (a p + c q, b p + d q)


def display(matrix: Matrix) -> bytes:
    """Write an MP4 display matrix."""
    a, b, c, d = (one << 16 for one in matrix)
    return struct.pack(">9i", a, b, 0, c, d, 0, 0, 0, 1 << 30)


def placed(picture: np.ndarray, matrix: Matrix) -> np.ndarray:
    """Show each pixel where the matrix says, one by one."""
    a, b, c, d = matrix
    rows, columns = np.indices(picture.shape[:2])
    x, y = a * columns + c * rows, b * columns + d * rows
    shown = np.zeros((np.ptp(y) + 1, np.ptp(x) + 1, *picture.shape[2:]), picture.dtype)
    shown[y - y.min(), x - x.min()] = picture
    return shown


def one_picture(
    picture: np.ndarray, stretch: Fraction | None = None, matrix: Matrix = (1, 0, 0, 1), kind: str = "mp4"
) -> bytes:
    file = BytesIO()
    with av.open(file, "w", format=kind) as container:
        stream = container.add_stream("libx264", rate=RATE)
        stream.height, stream.width = picture.shape[:2]
        stream.pix_fmt = "yuv420p"
        if stretch:
            stream.codec_context.sample_aspect_ratio = stretch
        container.mux(stream.encode(av.VideoFrame.from_ndarray(picture)))
        container.mux(stream.encode())
    data = file.getvalue()
    at = data.rindex(display((1, 0, 0, 1))) if kind == "mp4" else 0  # the first is the movie's, the second the track's
    return data[:at] + display(matrix) + data[at + 36 :] if kind == "mp4" else data


@pytest.mark.parametrize("kind", ["mp4", "mov", "webm", "m4v"])
def test_every_format_is_sampled_in_the_middle_of_equal_parts(kind: str) -> None:
    clip = video_decoding.decode_video(made(kind), f"clip.{kind}", frames=6)
    assert clip.seconds == pytest.approx(3.0)
    assert [frame.seconds for frame in clip.frames] == pytest.approx([0.2, 0.7, 1.2, 1.7, 2.2, 2.7])
    assert numbers(clip) == pytest.approx([2, 7, 12, 17, 22, 27], abs=1)
    assert {frame.pixels.shape for frame in clip.frames} == {(48, 64, 3)}
    assert {frame.pixels.dtype for frame in clip.frames} == {np.dtype(np.uint8)}


def test_a_gif_is_sampled_too() -> None:
    clip = video_decoding.decode_video(made("gif"), "clip.gif", frames=3)
    assert clip.seconds == pytest.approx(3.0)
    assert [frame.seconds for frame in clip.frames] == pytest.approx([0.5, 1.5, 2.5])
    assert numbers(clip) == sorted(numbers(clip))


def test_seeking_gives_what_decoding_straight_gives() -> None:
    data = made("mp4")
    straight = video_decoding.decode_video(data, "clip.mp4", frames=COUNT)
    apart = video_decoding.decode_video(data, "clip.mp4", frames=3)
    assert [frame.seconds for frame in straight.frames] == pytest.approx([at / RATE for at in range(COUNT)])
    for frame in apart.frames:
        twin = next(one for one in straight.frames if one.seconds == frame.seconds)
        assert np.array_equal(frame.pixels, twin.pixels)


def test_a_variable_rate_is_sampled_by_time_not_by_number() -> None:
    times = [*range(10), *range(20, 120, 10)]  # a second of ten frames, then ten seconds of ten frames
    clip = video_decoding.decode_video(made("mp4", 20, times=times), "phone.mp4", frames=4)
    assert [frame.seconds for frame in clip.frames] == pytest.approx([0.9, 4.0, 6.0, 10.0], abs=1.01)
    assert sum(frame.seconds < 1 for frame in clip.frames) == 1


def test_a_clip_of_few_pictures_gives_each_once() -> None:
    clip = video_decoding.decode_video(made("gif", 5), "short.gif", frames=24)
    assert [frame.seconds for frame in clip.frames] == pytest.approx([0.0, 0.1, 0.2, 0.3, 0.4])


def test_a_recording_without_a_duration_is_read() -> None:
    data = bytearray(made("webm"))
    at = data.index(b"\x44\x89")  # Matroska's Duration; browsers that record leave it out
    data[at : at + 2] = b"\xec\x00"[:1] + data[at + 2 : at + 3]  # a Void element of the same length
    data[at + 1] = 0x80 | 9
    clip = video_decoding.decode_video(bytes(data), "recorded.webm", frames=3)
    assert clip.seconds == pytest.approx(3.0)
    assert numbers(clip) == pytest.approx([5, 15, 25], abs=1)


@pytest.mark.parametrize("stretch", [None, Fraction(5, 4), Fraction(2, 3)])
@pytest.mark.parametrize(
    "matrix",
    [
        *((a, 0, 0, d) for a in (1, -1) for d in (1, -1)),
        *((0, b, c, 0) for b in (1, -1) for c in (1, -1)),
    ],
)
def test_a_clip_is_turned_and_mirrored_as_it_says(matrix: Matrix, stretch: Fraction | None) -> None:
    picture = np.zeros((48, 64, 3), np.uint8)
    picture[:24, :32] = 255  # the top left quarter
    picture[:24, 32:] = 120
    (frame,) = video_decoding.decode_video(one_picture(picture, stretch, matrix), "phone.mp4").frames
    wide = picture if stretch is None else picture.repeat(5, 1)[:, ::4] if stretch > 1 else picture.repeat(3, 0)[::2]
    expected = placed(wide, matrix)
    assert frame.pixels.shape == expected.shape
    assert np.abs(frame.pixels.astype(int) - expected).mean() < 12


@pytest.mark.parametrize("kind", ["mp4", "matroska"])
@pytest.mark.parametrize(("width", "height", "stretch"), [(192, 240, Fraction(5, 4)), (240, 192, Fraction(4, 5))])
def test_a_circle_stays_round(width: int, height: int, stretch: Fraction, kind: str) -> None:
    y, x = np.mgrid[:height, :width]
    disc = np.hypot((x + 0.5) / width - 0.5, (y + 0.5) / height - 0.5) < 0.3
    picture = np.where(disc[..., None], 255, 0).repeat(3, 2).astype(np.uint8)
    (frame,) = video_decoding.decode_video(one_picture(picture, stretch, kind=kind), "tv.mp4").frames
    assert frame.pixels.shape == (240, 240, 3)
    bright = frame.pixels[..., 0] > 127
    assert abs(int(bright.any(0).sum()) - int(bright.any(1).sum())) <= 2


def test_absurd_pixels_are_taken_for_square() -> None:
    picture = np.zeros((48, 64, 3), np.uint8)
    (frame,) = video_decoding.decode_video(one_picture(picture, Fraction(200, 1), kind="matroska"), "odd.mkv").frames
    assert frame.pixels.shape == (48, 64, 3)


def test_large_frames_are_reduced() -> None:
    clip = video_decoding.decode_video(made("mp4", 2, size=(1280, 320)), "wide.mp4")
    assert clip.frames[0].pixels.shape == (160, video_decoding.LONGER_PX, 3)


def test_what_is_transparent_lies_over_white() -> None:
    from PIL import Image

    file = BytesIO()
    pictures = [Image.new("RGBA", (16, 16), (255, 0, 0, 0)), Image.new("RGBA", (16, 16), (0, 0, 255, 255))]
    pictures[0].save(file, "GIF", save_all=True, append_images=pictures[1:], duration=100, disposal=2)
    clip = video_decoding.decode_video(file.getvalue(), "ball.gif")
    assert clip.frames[0].pixels.min() == 255
    assert clip.frames[-1].pixels[8, 8].tolist() == [0, 0, 255]


@pytest.mark.parametrize("kind", ["webm", "gif"])
def test_of_a_clip_cut_off_the_beginning_counts(kind: str) -> None:
    data = made(kind)
    clip = video_decoding.decode_video(data[: len(data) // 2], f"cut.{kind}", frames=3)
    assert 0 < clip.seconds < 2.9
    assert clip.frames


def test_a_picture_that_is_damaged_is_passed_over() -> None:
    data = bytearray(made("mp4"))
    start = data.index(b"mdat") + 4
    middle = start + (data.index(b"moov") - start) // 2
    data[middle : middle + 20] = b"\xff" * 20
    clip = video_decoding.decode_video(bytes(data), "scratched.mp4", frames=30)
    assert len(clip.frames) > 5


@pytest.mark.parametrize(
    ("data", "sentence"),
    [
        (b"", "is empty"),
        (b"not a clip at all\n" * 100, "no clip that can be read"),
        (b"#EXTM3U\n#EXT-X-TARGETDURATION:9\n#EXTINF:9,\nfile:///etc/hostname\n#EXT-X-ENDLIST\n", "no clip"),
        (b"ffconcat version 1.0\nfile /etc/hostname\n", "no clip"),
        (made("mp4")[:-200], "cut off"),
        (made("gif")[:20], "clip.xyz is"),
        (sound("mp4", "aac"), "only sound"),
        (sound("webm", "libopus"), "only sound"),
    ],
    ids=["empty", "text", "playlist", "list", "cut mp4", "header only", "sound mp4", "sound webm"],
)
def test_what_is_no_clip_gets_one_sentence(data: bytes, sentence: str, capfd: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(BadInput, match=sentence) as error:
        video_decoding.decode_video(data, "clip.xyz")
    assert str(error.value).startswith("clip.xyz")
    assert capfd.readouterr() == ("", "")


def test_too_many_bytes_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(video_decoding, "MOST_BYTES", 2**20)
    with pytest.raises(BadInput, match="has 2 MB; at most 1 are read"):
        video_decoding.decode_video(bytes(2 * 2**20), "big.mp4")


@pytest.mark.parametrize("kind", ["mp4", "webm", "gif"])
def test_five_minutes_are_enough(kind: str) -> None:
    assert (
        video_decoding.decode_video(made(kind, 2, times=[0, 2990]), f"long.{kind}", frames=2).seconds
        <= video_decoding.MOST_SECONDS
    )
    with pytest.raises(BadInput, match="longer than 5 minutes"):
        video_decoding.decode_video(made(kind, 2, times=[0, 3100]), f"long.{kind}")


def test_too_many_pictures_are_too_long(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(video_decoding, "MOST_PACKETS", COUNT - 1)
    with pytest.raises(BadInput, match="longer than"):
        video_decoding.decode_video(made("mp4"), "dense.mp4")


def test_huge_frames_are_refused_before_they_are_decoded(monkeypatch: pytest.MonkeyPatch) -> None:
    data = made("mp4", 2, size=(1280, 960))
    monkeypatch.setattr(video_decoding, "MOST_PIXELS", 10**6)
    monkeypatch.setattr(video_decoding, "_decoded", None)
    with pytest.raises(BadInput):
        video_decoding.decode_video(data, "huge.mp4")


def test_a_gif_of_four_gigapixels_is_refused() -> None:
    data = bytearray(made("gif", 2))
    data[6:10] = b"\xff\xff\xff\xff"  # width and height
    with pytest.raises(BadInput):
        video_decoding.decode_video(bytes(data), "bomb.gif")


@pytest.mark.parametrize("gop", [1, 6, 30])
@pytest.mark.parametrize("frames", [1, 4, 30])
def test_the_cost_is_what_is_decoded(gop: int, frames: int, monkeypatch: pytest.MonkeyPatch) -> None:
    decoded = []
    original = video_decoding._decoded

    def counted(*of: Any) -> Iterator[av.VideoFrame]:
        for frame in original(*of):
            decoded.append(frame.pts)
            yield frame

    monkeypatch.setattr(video_decoding, "_decoded", counted)
    index = video_decoding.FrameIndex(tuple(range(COUNT)), tuple(range(0, COUNT, gop)), COUNT)
    assert len(video_decoding.decode_video(made("mp4", gop=gop), "clip.mp4", frames).frames) == frames
    assert index.cost(index.spread(frames)) == len(decoded)


def test_decoding_has_an_end(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(video_decoding, "MOST_WORK", -1)
    with pytest.raises(BadInput, match="to decode"):
        video_decoding.decode_video(made("mp4"), "slow.mp4")


@pytest.mark.parametrize("frames", [0, -1, 65])
def test_only_so_many_frames(frames: int) -> None:
    with pytest.raises(BadInput, match="Ask for 1 to 64"):
        video_decoding.decode_video(made("gif", 2), "clip.gif", frames=frames)


def test_progress_is_told() -> None:
    told: list[tuple[int, int]] = []
    video_decoding.decode_video(made("mp4"), "clip.mp4", frames=4, on_frame=lambda at, of: told.append((at, of)))
    assert told == [(1, 4), (2, 4), (3, 4), (4, 4)]


class CancelledError(Exception):
    pass


def test_whoever_is_told_may_cancel() -> None:
    def cancel(at: int, _of: int) -> None:
        if at == 2:
            raise CancelledError

    with pytest.raises(CancelledError):
        video_decoding.decode_video(made("mp4"), "clip.mp4", frames=4, on_frame=cancel)
