"""What the Video page computes, with progress; what is done stays in the session, also after Stop."""

from __future__ import annotations

import io
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import Final

import streamlit as st
from PIL import Image

from cnn.errors import reason
from cnn.inference import video_classification
from cnn.inference.video_classification import FrameAnswer, Timeline
from cnn.media import video_decoding
from cnn.media.video_decoding import VideoClip
from ui.images.data_uri import thumbnail_uri
from ui.resources import network_cache
from ui.resources.photos import MediaFile
from ui.selection import network_picker
from ui.selection.network_picker import PHOTO_DATA, SHORT, YOURS
from ui.text.csv_table import write_csv
from ui.text.verbatim import verbatim

FRAMES: Final = (8, video_decoding.MOST_FRAMES, 24, 8)  # least, most, at first, step
PICTURE_PX: Final = 416  # as wide as the page shows a frame
BEST: Final = (  # the first three that are here: so two know the same classes
    "imagenet/efficientnet_lite0",
    *(f"cifar10/{name}" for name in ("resnet", "vgg", "inception", "alexnet", "lenet")),
)
WORK: Final = "video:work"  # in the session


@dataclass(slots=True)
class ClipWork:
    """What a session has done with a clip so far.

    Attributes:
        name: what was asked for: the clip's key and the number of frames.
        clip: None until it is read.
        pictures: its frames as data URIs.
        answers: by network, as many as were asked for so far.
        cancelled: the networks that were chosen when the person cancelled; others begin anew.
    """

    name: tuple[str, int]
    clip: VideoClip | None = None
    pictures: tuple[str, ...] = ()
    answers: dict[str, list[FrameAnswer]] = field(default_factory=dict)
    cancelled: tuple[str, ...] | None = None

    def done(self, network: str) -> bool:
        """Tell whether a network has answered every frame."""
        return self.clip is not None and len(self.answers.get(network, ())) == len(self.clip.frames)


def choose_networks() -> tuple[str, ...]:
    """Let a person choose some networks."""
    return network_picker.choose_photo_networks(BEST)


def choose_frame_count() -> int:
    """Let a person choose how many frames; the address keeps it as `?frames=`."""
    least, most, first, step = FRAMES
    return st.slider("Frames, spread evenly", least, most, first, step, key="frames", bind="query-params")


def classify_clip(brought: MediaFile, count: int, names: Sequence[str]) -> ClipWork:
    """Read the clip and ask the networks, as far as that is not done yet; ends the run where it is cancelled.

    Every progress message is a place where Streamlit ends this run if the person clicked something.
    """
    work = _work(brought, count)
    if work.cancelled == tuple(names):
        _cancelled(work, names)
        return work
    if all(map(work.done, names)):
        return work
    place = st.empty()
    with place.container():
        bar = st.progress(0.0, f"Reading {verbatim(brought.name)}")
        st.button("Stop", on_click=_cancel, args=(work, tuple(names)))
    try:
        if work.clip is None:
            work.clip = video_decoding.decode_video(
                brought.data, brought.name, count, lambda at, of: _reading(bar, at, of)
            )
            work.pictures = tuple(thumbnail_uri(frame.pixels, PICTURE_PX) for frame in work.clip.frames)
        for name in names:
            _ask(bar, work, work.clip, name)
    except Exception as error:  # the page stays, so that another clip can be brought
        place.empty()
        st.warning(verbatim(reason(brought.name, error)))
        st.stop()
    place.empty()
    return work


def _work(brought: MediaFile, count: int) -> ClipWork:
    name = (brought.key, count)
    kept: ClipWork | None = st.session_state.get(WORK)
    if kept is None or kept.name != name:
        kept = st.session_state[WORK] = ClipWork(name)
    return kept


def _reading(bar: st.delta_generator.DeltaGenerator, at: int, of: int) -> None:
    bar.progress(at / of, f"Reading frame {at} of {of}")


def _ask(bar: st.delta_generator.DeltaGenerator, work: ClipWork, clip: VideoClip, name: str) -> None:
    """Ask one network for the answers that are missing."""
    answers = work.answers.setdefault(name, [])
    if work.done(name):
        return
    network, of = network_cache.cached_network(name), len(clip.frames)
    for one in video_classification.classify_frames(network, clip.frames[len(answers) :]):
        answers.append(one)
        bar.progress(len(answers) / of, f"Asking {network.card.title}: frame {len(answers)} of {of}")


def _cancel(work: ClipWork, names: tuple[str, ...]) -> None:
    work.cancelled = names


def _go_on(work: ClipWork) -> None:
    work.cancelled = None


def _cancelled(work: ClipWork, names: Sequence[str]) -> None:
    missing = [_title(name) for name in names if not work.done(name)]
    st.info(f"Stopped. Not asked to the end: {'; '.join(missing)}.")
    st.button("Go on", on_click=_go_on, args=(work,))


def timelines(work: ClipWork, names: Sequence[str]) -> Timeline | None:
    """Put side by side what is done; None while nothing is."""
    done = [network_cache.cached_network(name) for name in names if work.done(name)]
    if work.clip is None or not done:
        return None
    return video_classification.build_timeline(work.clip, done, [work.answers[network.name] for network in done])


def with_class_counts(shown: Timeline) -> Timeline:
    """Say beside each network how many classes it knows: one that knows ten calls an astronaut a dog."""
    lanes = [replace(lane, title=f"{lane.title}, {SHORT.get(lane.data, YOURS)}") for lane in shown.lanes]
    return replace(shown, lanes=tuple(lanes))


def timeline_csv(shown: Timeline) -> str:
    """Write all answers as CSV: one row a frame, network and class."""
    rows = list(video_classification.timeline_rows(shown))
    return write_csv(list(rows[0]), [list(row.values()) for row in rows])


def frame_png(clip: VideoClip, at: int) -> bytes:
    """Write one frame as a PNG."""
    file = io.BytesIO()
    Image.fromarray(clip.frames[at].pixels).save(file, "PNG")
    return file.getvalue()


def _title(name: str) -> str:
    card = network_cache.cached_card(name)
    return f"{card.title}, {YOURS if card.own else PHOTO_DATA[card.data]}"
