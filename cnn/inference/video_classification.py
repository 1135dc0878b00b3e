"""What networks answer over time: a clip's frames, asked one by one. No TensorFlow.

Each frame is answered alone; no network here knows motion.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Any, Final

from cnn.inference import photo_classification
from cnn.inference.predict import Prediction
from cnn.media.video_decoding import ClipFrame, VideoClip
from cnn.zoo import Card, Network

TOP_CLASSES: Final = photo_classification.TOP_CLASSES


@dataclass(frozen=True, slots=True)
class FrameAnswer:
    """What a network says of one frame.

    Attributes:
        top: the TOP most probable classes' names with their probabilities, the best first.
        in_distribution: the frame resembles what the network was trained on.
    """

    top: tuple[tuple[str, float], ...]
    in_distribution: bool = True

    @property
    def name(self) -> str:
        """Name the most probable class."""
        return self.top[0][0]

    @property
    def probability(self) -> float:
        """Tell how probable that class is, in [0, 1]."""
        return self.top[0][1]


@dataclass(frozen=True, slots=True)
class TimelineLane:
    """One network's answers, one a frame.

    Attributes:
        network: its name, such as "cifar10/vgg".
        title: such as "VGG-7".
        answers: as many as the timeline has times.
    """

    network: str
    title: str
    answers: tuple[FrameAnswer, ...]

    @property
    def data(self) -> str:
        """Name the data set whose classes the network knows."""
        return self.network.split("/")[0]


@dataclass(frozen=True, slots=True)
class TimelineSegment:
    """Neighbouring frames, from `first` to `last`, of which a network says the same."""

    name: str
    first: int
    last: int


@dataclass(frozen=True, slots=True)
class Timeline:
    """Networks' answers over a clip: the frames' times in s, and a lane a network."""

    times: tuple[float, ...]
    lanes: tuple[TimelineLane, ...]


def frame_answer(card: Card, prediction: Prediction) -> FrameAnswer:
    """Keep of a prediction what the timeline shows: a clip has many."""
    top = tuple((card.classes[label], probability) for label, probability in prediction.top(TOP_CLASSES))
    return FrameAnswer(top, prediction.in_distribution)


def classify_frames(network: Network, frames: Sequence[ClipFrame]) -> Iterator[FrameAnswer]:
    """Answer the frames one by one: whoever reads on shows the progress, whoever stops has cancelled."""
    for frame in frames:
        yield frame_answer(network.card, photo_classification.classify_photo(network, frame.pixels))


def build_timeline(clip: VideoClip, networks: Sequence[Network], answers: Sequence[Sequence[FrameAnswer]]) -> Timeline:
    """Put the networks' answers side by side.

    Args:
        clip: that was asked about.
        networks: that were asked.
        answers: of each network, one a frame.
    Raises: ValueError: an answer is missing or too many.
    """
    if any(len(lane) != len(clip.frames) for lane in answers):
        raise ValueError(f"Each network has {len(clip.frames)} answers, not {[len(lane) for lane in answers]}.")
    lanes = tuple(
        TimelineLane(network.name, network.card.title, tuple(lane))
        for network, lane in zip(networks, answers, strict=True)
    )
    return Timeline(tuple(frame.seconds for frame in clip.frames), lanes)


def merge_segments(lane: TimelineLane) -> tuple[TimelineSegment, ...]:
    """Merge neighbouring frames of the same answer."""
    runs = groupby(range(len(lane.answers)), key=lambda at: lane.answers[at].name)
    merged = []
    for name, run in runs:
        places = list(run)
        merged.append(TimelineSegment(name, places[0], places[-1]))
    return tuple(merged)


def disagreement_frames(timeline: Timeline) -> tuple[int, ...]:
    """List the frames at which networks of the same data set give different names.

    Networks of different data sets share no classes: "tabby" and "cat" do not contradict each other.
    """
    return tuple(at for at in range(len(timeline.times)) if _split(timeline.lanes, at))


def disagreement_starts(timeline: Timeline) -> tuple[int, ...]:
    """List the frames at which a disagreement begins or becomes another one."""
    splits = [_split(timeline.lanes, at) for at in range(len(timeline.times))]
    before = [frozenset(), *splits]
    return tuple(at for at, split in enumerate(splits) if split and split != before[at])


def _split(lanes: Sequence[TimelineLane], at: int) -> frozenset[tuple[str, str]]:
    """Find which networks, by name and answer, disagree at a frame; none where all agree within their data set."""
    names = {lane.data: {one.answers[at].name for one in lanes if one.data == lane.data} for lane in lanes}
    return frozenset((lane.network, lane.answers[at].name) for lane in lanes if len(names[lane.data]) > 1)


def timeline_rows(timeline: Timeline) -> Iterator[dict[str, Any]]:
    """List every answer, as a table holds it: frame by frame, then network by network, then the best first."""
    apart = set(disagreement_frames(timeline))
    for at, seconds in enumerate(timeline.times):
        for lane in timeline.lanes:
            for rank, (name, probability) in enumerate(lane.answers[at].top, 1):
                yield {
                    "frame": at + 1,
                    "seconds": round(seconds, 3),
                    "network": lane.network,
                    "rank": rank,
                    "label": name,
                    "probability": round(probability, 6),
                    "known": lane.answers[at].in_distribution,
                    "disagreement": at in apart,
                }
