"""Answers over time: where networks disagree, what is merged, what the table holds."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest

from cnn.inference import photo_classification, video_classification
from cnn.inference.predict import Prediction
from cnn.inference.video_classification import FrameAnswer, Timeline, TimelineLane, TimelineSegment
from cnn.media.video_decoding import ClipFrame, VideoClip


def lane(network: str, *names: str) -> TimelineLane:
    return TimelineLane(network, network.upper(), tuple(FrameAnswer(((name, 0.8), ("other", 0.1))) for name in names))


def shown(*lanes: TimelineLane) -> Timeline:
    return Timeline(tuple(at / 2 for at in range(len(lanes[0].answers))), lanes)


A = lane("cifar10/vgg", "cat", "cat", "dog", "dog", "dog", "cat")


@pytest.mark.parametrize(
    ("lanes", "apart", "jumps"),
    [
        ([A], (), ()),
        ([A, lane("cifar10/resnet", *["cat"] * 6)], (2, 3, 4), (2,)),
        ([A, lane("cifar10/resnet", "cat", "cat", "cat", "frog", "dog", "ship")], (2, 3, 5), (2, 3, 5)),
        ([A, lane("imagenet/vgg16", *["tabby"] * 6)], (), ()),
        ([A, lane("imagenet/vgg16", *["tabby"] * 6), lane("cifar10/lenet", *["dog"] * 6)], (0, 1, 5), (0, 5)),
        ([A, lane("imagenet/vgg16", *["cat"] * 6), lane("imagenet/resnet50", *["cat"] * 6)], (), ()),
    ],
    ids=["one", "a stretch", "it changes", "other classes", "three", "the same name in two sets"],
)
def test_networks_that_know_the_same_things_may_disagree(
    lanes: list[TimelineLane], apart: tuple[int, ...], jumps: tuple[int, ...]
) -> None:
    assert video_classification.disagreement_frames(shown(*lanes)) == apart
    assert video_classification.disagreement_starts(shown(*lanes)) == jumps


def test_another_network_s_change_is_no_new_disagreement() -> None:
    of_photos = lane("imagenet/vgg16", "tabby", "lynx", "tabby")
    small = [lane("cifar10/vgg", *["cat"] * 3), lane("cifar10/resnet", *["dog"] * 3)]
    assert video_classification.disagreement_starts(shown(of_photos, *small)) == (0,)


def test_neighbours_of_one_answer_are_merged() -> None:
    assert video_classification.merge_segments(A) == (
        TimelineSegment("cat", 0, 1),
        TimelineSegment("dog", 2, 4),
        TimelineSegment("cat", 5, 5),
    )


class Runner:
    shape = (32, 32, 3)


def network(name: str, classes: tuple[str, ...] = ("dark", "light")) -> Any:
    return SimpleNamespace(name=name, runner=Runner(), card=SimpleNamespace(title=name.upper(), classes=classes))


def clip(*greys: int) -> VideoClip:
    frames = tuple(ClipFrame(at / 4, np.full((8, 8, 3), grey, np.uint8)) for at, grey in enumerate(greys))
    return VideoClip("clip", 1.0, frames)


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """Answer by brightness, and note what was asked."""
    greys: list[int] = []

    def ask(_network: Any, pixels: np.ndarray) -> Prediction:
        greys.append(int(pixels.mean()))
        light = np.float32(greys[-1] / 255)
        shares = np.array([1 - light, light], np.float32)
        return Prediction(int(shares.argmax()), shares, shares, greys[-1] != 128, 1.0)

    monkeypatch.setattr(photo_classification, "classify_photo", ask)
    return greys


def test_frames_are_asked_one_by_one(asked: list[int]) -> None:
    answers = video_classification.classify_frames(network("cifar10/vgg"), clip(0, 255, 128).frames)
    assert asked == []
    assert next(answers).top == (("dark", 1.0), ("light", 0.0))
    assert asked == [0]
    assert [answer.name for answer in answers] == ["light", "light"]


def test_what_is_far_from_all_classes_is_marked(asked: list[int]) -> None:
    assert [
        answer.in_distribution for answer in video_classification.classify_frames(network("a/b"), clip(0, 128).frames)
    ] == [True, False]
    assert asked


@pytest.mark.usefixtures("asked")
def test_a_timeline_is_built_and_written_as_rows() -> None:
    two, moments = [network("cifar10/vgg"), network("cifar10/resnet")], clip(0, 255)
    answers = [list(video_classification.classify_frames(one, moments.frames)) for one in two]
    built = video_classification.build_timeline(moments, two, answers)
    assert built.times == (0.0, 0.25)
    assert [one.title for one in built.lanes] == ["CIFAR10/VGG", "CIFAR10/RESNET"]
    rows = list(video_classification.timeline_rows(built))
    assert len(rows) == 2 * 2 * 2
    assert rows[-1] == {
        "frame": 2,
        "seconds": 0.25,
        "network": "cifar10/resnet",
        "rank": 2,
        "label": "dark",
        "probability": 0.0,
        "known": True,
        "disagreement": False,
    }


def test_a_missing_answer_is_refused() -> None:
    with pytest.raises(ValueError, match="2 answers, not"):
        video_classification.build_timeline(clip(0, 1), [network("a/b")], [[A.answers[0]]])
