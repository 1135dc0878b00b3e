"""The Video page without a browser, with two networks that look at brightness alone."""

from __future__ import annotations

import csv
import io
from functools import partial
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest
from streamlit.testing.v1 import AppTest

from cnn.inference import video_classification
from cnn.media import video_decoding
from tests.pages import driver
from ui.ask import video_answers
from ui.resources import network_cache, photos
from ui.selection import video_upload

opened = partial(driver.opened, "video")
NAMES = ("cifar10/lenet", "cifar10/vgg")


class Runner:
    """Says class 0 under a brightness, class 1 over it."""

    shape = (32, 32, 3)

    def __init__(self, edge: float) -> None:
        self.edge = edge

    def run_timed(self, images: np.ndarray) -> tuple[np.ndarray, float]:
        light = images.mean((1, 2, 3)) - self.edge
        return np.stack([-9 * light, 9 * light], axis=1).astype(np.float32), 1.0


@pytest.fixture(autouse=True)
def networks(monkeypatch: pytest.MonkeyPatch) -> None:
    """Put two networks in the place of the shipped ones."""
    cards = {
        name: SimpleNamespace(
            answers=True,
            own="",
            name=name,
            data="cifar10",
            title=name,
            classes=("dark", "light"),
            temperature=1.0,
            familiarity="energy",
            looks=None,
            caught={},
            threshold=-99.0,
        )
        for name in NAMES
    }
    loaded = {
        name: SimpleNamespace(name=name, card=cards[name], runner=Runner(edge), taught=None)
        for name, edge in zip(NAMES, (0.0, 0.45), strict=True)
    }
    monkeypatch.setattr(network_cache, "available_network_names", lambda data: NAMES if data == "cifar10" else ())
    monkeypatch.setattr(network_cache, "cached_card", cards.__getitem__)
    monkeypatch.setattr(network_cache, "cached_network", loaded.__getitem__)


def work(test: AppTest) -> Any:
    return test.session_state[video_answers.WORK]


def test_a_sample_is_answered_at_once() -> None:
    test = opened()
    assert not test.exception
    assert test.title[0].value == "Video: what happens when?"
    assert {name: len(answers) for name, answers in work(test).answers.items()} == dict.fromkeys(NAMES, 24)
    assert any("know no motion" in caption.value for caption in test.caption)
    assert not [button for button in test.button if button.label == "Stop"]


def test_no_network_gets_a_sentence() -> None:
    test = opened()
    test.pills[0].set_value([]).run()
    assert not test.exception
    assert test.info[0].value == "Choose at least one network."


def test_the_address_chooses_frames() -> None:
    test = opened(frames="16")
    assert not test.exception
    assert len(work(test).clip.frames) == 16


def test_another_clip_is_read_and_the_same_one_is_not_read_again(monkeypatch: pytest.MonkeyPatch) -> None:
    read: list[str] = []

    def reading(data: bytes, name: str, *rest: Any) -> video_decoding.VideoClip:
        read.append(name)
        return original(data, name, *rest)

    original = video_decoding.decode_video
    monkeypatch.setattr(video_decoding, "decode_video", reading)
    test = opened()
    test.pills[0].set_value([NAMES[1]]).run()
    test.radio[0].set_value("rocket-then-astronaut").run()
    assert not test.exception
    assert read == [sample.name for sample in video_upload.sample_clips()]


def test_a_clip_that_cannot_be_read_gets_its_sentence(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(video_upload, "choose_clip", lambda key: photos.media_file("notes.mp4", b"no clip"))
    test = opened()
    assert not test.exception
    assert [warning.value.split(",")[0] for warning in test.warning] == ["notes.mp4 is no clip that can be read"]


def test_cancel_keeps_what_is_done_and_one_may_go_on() -> None:
    test = opened()
    kept = work(test)
    kept.answers[NAMES[1]] = kept.answers[NAMES[1]][:5]
    kept.cancelled = NAMES
    test.run()
    assert not test.exception
    assert test.info[0].value.startswith("Stopped. Not asked to the end: cifar10/vgg")
    assert len(work(test).answers[NAMES[1]]) == 5
    next(button for button in test.button if button.label == "Go on").click().run()
    assert not test.info
    assert len(work(test).answers[NAMES[1]]) == 24


def test_after_cancel_another_choice_begins_anew() -> None:
    test = opened()
    work(test).answers.clear()
    work(test).cancelled = NAMES
    test.pills[0].set_value([NAMES[0]]).run()
    assert list(work(test).answers) == [NAMES[0]]
    assert not test.info


def test_progress_has_words(monkeypatch: pytest.MonkeyPatch) -> None:
    said: list[str] = []
    bar = SimpleNamespace(progress=lambda share, words: said.append(words) or 0 <= share <= 1)
    monkeypatch.setattr("streamlit.progress", lambda *_: bar)
    opened(frames="8")
    assert said[:8] == [f"Reading frame {at} of 8" for at in range(1, 9)]
    assert said[8:16] == [f"Asking cifar10/lenet: frame {at} of 8" for at in range(1, 9)]
    assert said[-1] == "Asking cifar10/vgg: frame 8 of 8"


def test_the_table_holds_every_answer() -> None:
    shown = video_answers.timelines(work(opened()), NAMES)
    assert shown is not None
    rows = list(csv.DictReader(io.StringIO(video_answers.timeline_csv(shown))))
    assert len(rows) == 24 * len(NAMES) * 2
    apart = {int(row["frame"]) - 1 for row in rows if row["disagreement"] == "True"}
    assert apart == set(video_classification.disagreement_frames(shown)) != set()


def test_the_frame_is_a_lossless_picture() -> None:
    from PIL import Image

    clip = work(opened()).clip
    with Image.open(io.BytesIO(video_answers.frame_png(clip, 3))) as picture:
        assert np.array_equal(np.asarray(picture), clip.frames[3].pixels)


@pytest.mark.parametrize("sample", video_upload.sample_clips(), ids=lambda sample: sample.name)
def test_the_samples_are_small_clips_of_some_seconds(sample: photos.MediaFile) -> None:
    assert len(sample.data) < 400_000
    clip = video_decoding.decode_video(sample.data, sample.name)
    assert 4 < clip.seconds < 8
    assert clip.frames[0].pixels.shape == (240, 320, 3)
