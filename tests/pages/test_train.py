"""The Train page without a browser and without TensorFlow: runs that stand in the table, in every state."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable, Iterator
from dataclasses import replace
from io import BytesIO
from pathlib import Path

import numpy as np
import pytest
from PIL import Image
from streamlit.testing.v1 import AppTest

from cnn import zoo
from cnn.datasets.dataset import FOLDER_VARIABLE
from cnn.datasets.training_sets import training_set
from cnn.errors import DiskFull
from cnn.home import HOME_VARIABLE
from cnn.runs import frame_network, frames
from cnn.runs.estimate import speed_name
from cnn.runs.frames import Frame, FrameFigures, LayerHealth
from cnn.runs.processes import RunProcesses
from cnn.runs.settings import RunSettings
from cnn.runs.table import RunRow, RunTable, lock_file
from cnn.sweeps import sweep
from cnn.sweeps.sweep import TrialResult
from cnn.zoo.file_lock import hold_file_lock
from tests.pages import driver
from tests.pages.driver import checked, every, shown
from tests.support.fake_clothes import write_clothes
from tests.support.own_pictures import colored_file
from tests.support.shipped_weights import LENET, shipped_weights
from ui.resources import person, photos, training
from ui.train import choose_settings, run_pictures, time_machine
from ui.train.time_machine import Moment

STEPS = (0, 1, 2, 4)
DIRECTIONS = np.random.default_rng(0).standard_normal((10, 84), np.float32)


class Orders(RunProcesses):
    """Starts no process; keeps what it was told."""

    def __init__(self) -> None:
        super().__init__(("true",))
        self.told: list[object] = []

    def warm(self) -> None:
        """Load nothing."""

    def measure(self, settings: RunSettings) -> None:
        """Measure nothing."""

    def order(self, run: str, command: str) -> None:
        self.told.append((run, command))

    def _next(self) -> None:
        """Begin nothing: what was started waits."""


@pytest.fixture
def orders(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Orders]:
    monkeypatch.setenv(HOME_VARIABLE, str(tmp_path))
    found = Orders()
    monkeypatch.setattr(training, "run_processes", lambda: found)
    yield found


def trained(orders: Orders, state: str, name: str = "mine", steps: tuple[int, ...] = STEPS) -> RunRow:
    """Put a run into the table: LeNet as it is shipped, at first with smaller weights."""
    row = orders.table.add(RunSettings(epochs=1, pictures=128), name, "somebody")
    row.folder.mkdir(parents=True)
    shutil.copy(LENET.with_suffix(".layers.json"), row.folder / frame_network.GRAPH_FILE)
    held_out = training_set("digits").read()["validation"].first(40)
    np.savez(row.folder / frame_network.HELD_OUT_FILE, images=held_out.images, labels=held_out.labels)
    weights = shipped_weights()
    for at, step in enumerate(steps):
        share = np.float32(at / (len(steps) - 1)) if len(steps) > 1 else np.float32(1)
        logits = np.eye(10, dtype=np.float32)[held_out.labels if at else (held_out.labels + 1) % 10]
        layers = (LayerHealth("c1", 0.2, 0.001), LayerHealth("logits", 0.3, 0.5 if at == 1 else 0.001))
        figures = FrameFigures(step, step / 4, 1.0 if at else None, 0.5 if at else None, 1.5, 0.75, at, layers)
        features = logits @ DIRECTIONS * share
        frames.write_frame(row.folder, Frame(figures, {k: v * share for k, v in weights.items()}, logits, features))
    orders.table.note(row.id, state=state, step=steps[-1], test="475/500" if state == "done" else "")
    return orders.table.get(row.id)


def opened(run: str = "") -> AppTest:
    return driver.opened("train", **({"run": run} if run else {}))


def text(test: AppTest) -> str:
    return "\n".join(str(one.value) for one in (*test.markdown, *test.warning, *test.info))


def labels(test: AppTest) -> set[str]:
    return {one.label for one in test.button}


def test_an_empty_home_says_what_to_press(orders: Orders) -> None:
    test = opened()
    assert "Press Start training" in text(test)
    curves = shown(test, "lines", "So the shipped networks learned")["lines"]
    assert [one["name"] for one in curves] == ["LeNet-5", "AlexNet", "VGG", "Inception", "ResNet-20"]
    next(one for one in test.button if one.label == "Start training").click()
    checked(test.run())
    row = RunTable().newest()[0]
    assert row.settings == RunSettings()
    assert row.id in test.query_params["run"]
    assert "begins soon" in text(test)
    assert "Stop" in labels(test)
    next(one for one in test.button if one.label == "Stop").click()
    checked(test.run())
    assert (row.id, "stop") in orders.told


def test_an_estimate_comes_by_itself_once_it_is_measured(orders: Orders, monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[Callable[[], bool]] = []
    monkeypatch.setattr(choose_settings, "poll_until", lambda done, look: (asked.append(done), look()))
    assert any("Measuring on this machine" in str(one.value) for one in opened().caption)
    (measured,) = asked
    assert not measured()
    orders.table.note_speed(speed_name(RunSettings()), 4_000.0, 700.0)
    assert measured()
    assert any("About 8 s on this machine" in str(one.value) for one in opened().caption)


def test_a_stack_is_built_and_trained(orders: Orders) -> None:
    test = opened()
    checked(test.selectbox(key="train network").set_value("built").run())
    for label in ("Take it away", "Put it on"):
        next(one for one in test.button if one.label == label).click()
        checked(test.run())
    next(one for one in test.button if one.label == "Start training").click()
    checked(test.run())
    assert RunTable().newest()[0].settings.architecture == "built conv16x3 max2 conv32x3 max2 conv16x3"


def test_a_second_run_of_the_same_person_is_refused_with_a_sentence(orders: Orders) -> None:
    test = opened()
    for _ in range(2):
        next(one for one in test.button if one.label == "Start training").click()
        checked(test.run())
    assert "You have a run already" in text(test)
    assert len(RunTable().newest()) == 1


def test_every_moment_can_be_looked_at(orders: Orders) -> None:
    row = trained(orders, "done")
    test = opened(row.id)
    assert "95.0 %" in text(test)
    assert "After step 4" in text(test)
    assert "0 of 40 held-out" in "".join(one.value for one in test.subheader)
    slider = next(one for one in test.select_slider if one.label.startswith("The time machine"))
    checked(slider.set_value(0).run())
    assert "Before its first step" in text(test)
    assert "40 of 40 held-out" in "".join(one.value for one in test.subheader)
    assert "10.0 % sure" in text(test)  # all weights are 0
    checked(next(one for one in test.select_slider if one.label.startswith("The time")).set_value(1).run())
    assert "Too large a step" in text(test)
    assert "logits" in text(test)


def test_what_a_run_answers_is_what_litert_answers(orders: Orders) -> None:
    row = trained(orders, "done")
    network = frame_network.open_frame(row.folder, STEPS[-1])
    image = training_set("digits").read()["test"].images[0].astype(np.float32) / 255
    expected = frame_network.softmax(zoo.load_network("mnist/lenet").runner(image[None]))[0]
    assert np.allclose(frame_network.probabilities(network, image), expected, atol=1e-4)


@pytest.mark.parametrize(
    ("state", "said", "button"),
    [
        ("stopped", "was stopped at step 4 of 4", "Go on"),
        ("killed", "Nothing is lost", "Go on"),
        ("failed", "failed", "Go on"),
        ("done", "is done", "Branch from here"),
    ],
)
def test_each_state_says_how_to_go_on(orders: Orders, state: str, said: str, button: str) -> None:
    test = opened(trained(orders, state).id)
    assert said in text(test)
    assert button in labels(test)


def test_a_paused_run_is_scrubbed_and_shows_what_comes(orders: Orders) -> None:
    row = trained(orders, "done")
    with hold_file_lock(lock_file(row.folder), lambda: None):  # as its process does; else it would count as killed
        orders.table.note(row.id, state="paused")
        test = opened(row.id)
        assert {"Play", "One batch", "Keep it"} <= labels(test)
        test.select_slider(key="train:moment").set_value(1)
        assert "After step 1, " in text(checked(test.run()))
        last = frames.read_frame(row.folder, STEPS[-1])
        frames.write_frame(row.folder, replace(last, figures=replace(last.figures, step=5)))
        assert "After step 5, " in text(checked(test.run()))


def test_a_branch_begins_at_the_moment_that_is_shown(orders: Orders) -> None:
    row = trained(orders, "done")
    test = opened(row.id)
    slider = next(one for one in test.select_slider if one.label.startswith("The time machine"))
    checked(slider.set_value(2).run())
    next(one for one in test.button if one.label == "Branch from here").click()
    checked(test.run())
    newest = RunTable().newest()[0]
    assert (newest.parent, newest.parent_step) == (row.id, STEPS[2])


def test_an_earlier_run_stands_behind_the_newer_one(orders: Orders) -> None:
    trained(orders, "done", "the old one")
    test = opened(trained(orders, "done", "the new one").id)
    names = [line["name"] for line in shown(test, "lines", "Accuracy")["lines"]]
    assert names == ["new pictures", "pictures it learns from", "the old one"]
    assert "NaN" not in json.dumps(every(test, "lines"))


def test_numbers_that_are_none_draw_no_curve(orders: Orders) -> None:
    row = trained(orders, "failed", steps=(0,))
    bad = FrameFigures(1, 0.25, float("nan"), 0.1, float("nan"), 0.1, 1.0, (LayerHealth("c1", float("nan"), 1.0),))
    frames.write_frame(
        row.folder,
        Frame(
            bad,
            {k: v * np.float32("nan") for k, v in shipped_weights().items()},
            np.full((40, 10), np.nan, "f4"),
            np.full((40, 84), np.nan, "f4"),
        ),
    )
    test = opened(row.id)
    assert "Exploded" in text(test)
    assert "NaN" not in json.dumps(every(test, "lines"))


def test_an_unknown_run_is_told(orders: Orders) -> None:
    assert "There is no run" in text(opened("no-such"))


@pytest.mark.parametrize(
    ("look", "title"),
    [
        ("Feature maps", "What c1 makes of Sample 7"),
        ("All pictures", "40 held-out pictures as its last layer sees them"),
    ],
)
def test_pictures_of_a_moment_follow_the_slider(orders: Orders, look: str, title: str) -> None:
    test = opened(trained(orders, "done").id)
    test.segmented_control(key="train look").set_value(look)
    sources = []
    for at in (1, 3):
        test.select_slider(key="train:moment").set_value(at)
        checked(test.run())
        sources.append(next(one for row in every(test, "pictures") for one in row["pictures"] if one["title"] == title))
    assert sources[0]["source"] != sources[1]["source"]


def test_confusions_and_what_was_forgotten(orders: Orders) -> None:
    test = opened(trained(orders, "done").id)
    test.segmented_control(key="train look").set_value("Confusion matrix")
    test.select_slider(key="train:moment").set_value(0)
    checked(test.run())
    counts = np.array(shown(test, "counts")["counts"])
    assert counts.sum() == 40
    assert counts.diagonal().sum() == 0
    test.segmented_control(key="train look").set_value("Forgotten")
    checked(test.run())
    assert "100.0 %" in text(test).replace(">99.9", "100.0")


def test_the_film_has_a_frame_a_moment_and_plays_by_itself(orders: Orders) -> None:
    import av

    row = trained(orders, "done")
    network = frame_network.open_frame(row.folder, STEPS[-1])
    figures = frames.history(row.folder)
    image = np.zeros((28, 28, 1), np.float32)
    drawn = time_machine._film_frames(Moment(row, figures, 3, network, tuple("0123456789"), "it", "it", image))
    assert Image.open(BytesIO(run_pictures.film_gif(drawn))).n_frames == len(STEPS)
    with av.open(BytesIO(run_pictures.film_mp4(drawn))) as film:
        seen = [one.to_ndarray(format="rgb24") for one in film.decode(video=0)]
        assert film.streams.video[0].codec_context.name == "h264"
    assert len(seen) == len(STEPS) + run_pictures.HOLD_MS * len(STEPS) // run_pictures.FILM_MS
    first = np.asarray(drawn[0])[: seen[0].shape[0], : seen[0].shape[1]]
    assert abs(seen[0].astype(int) - first).mean() < 5  # of 255
    test = opened(row.id)
    test.segmented_control(key="train look").set_value("Film")
    checked(test.run())
    (played,) = test.get("video")
    assert played.proto.autoplay
    assert played.proto.loop


def test_calibration_and_evidence_follow_the_slider(orders: Orders) -> None:
    test = opened(trained(orders, "done").id)
    test.segmented_control(key="train look").set_value("Calibration")
    said = []
    for at in (1, 3):
        test.select_slider(key="train:moment").set_value(at)
        checked(test.run())
        said += [one["caption"] for one in every(test, "bars") if one["bars"]]
    assert len(said) == 2
    assert all("On average this moment is off by" in one for one in said)
    test.segmented_control(key="train look").set_value("Evidence")
    heats = []
    for at in (1, 3):
        test.select_slider(key="train:moment").set_value(at)
        checked(test.run())
        heats.append(next(one["over"] for row in every(test, "pictures") for one in row["pictures"] if one["over"]))
    assert heats[0] != heats[1]


def test_two_moments_stand_side_by_side(orders: Orders) -> None:
    test = opened(trained(orders, "done").id)
    test.segmented_control(key="train look").set_value("Side by side")
    checked(test.run())
    rows = [row["pictures"] for row in every(test, "pictures") if len(row["pictures"]) == 4]
    assert [one["title"] for one in rows[0]] == [
        "Kernels, step 0",
        "Kernels, step 4",
        "Pictures, step 0",
        "Pictures, step 4",
    ]
    assert "10.0 %" in text(test)


def test_a_moment_is_kept_under_a_name_of_ones_own(orders: Orders, monkeypatch: pytest.MonkeyPatch) -> None:
    row = trained(orders, "stopped")
    kept: list[tuple[str, int, str]] = []

    def keep(_: RunProcesses, run: str, step: int, title: str, owner: str) -> None:
        kept.append((run, step, title))
        raise DiskFull("No room is left.")

    monkeypatch.setattr(Orders, "keep", keep)
    test = opened(row.id)
    next(one for one in test.text_input if one.label == "Name").set_value("Early")
    next(one for one in test.select_slider if one.label.startswith("The time machine")).set_value(2)
    checked(test.run())
    next(one for one in test.button if one.label == "Keep it").click()
    checked(test.run())
    assert kept == [(row.id, STEPS[2], "Early")]
    assert "No room is left." in text(test)


def test_a_shipped_run_is_scrubbed_before_anything_was_trained(orders: Orders, monkeypatch: pytest.MonkeyPatch) -> None:
    alone: list[bool] = []
    monkeypatch.setattr(training, "multiply_on_one_thread", lambda: alone.append(True))
    training.moment.clear()
    test = opened()
    assert [one.proto.expanded for one in test.expander if one.label == "Shipped runs"] == [True]
    next(one for one in test.button if one.label.startswith("LeNet-5, shipped, 9")).click()
    checked(test.run())
    assert test.query_params["run"] == "shipped-lenet"
    assert "of 500 test pictures right" in text(test)
    assert not {"Go on", "Stop", "Pause"} & labels(test)
    test.select_slider(key="train:moment").set_value(0)
    checked(test.run())
    assert "Before its first step" in text(test)
    for look in time_machine.LOOKS:
        if look != "Film":  # drawn from the same moments, for seconds
            test.segmented_control(key="train look").set_value(look)
            checked(test.run())
    next(one for one in test.button if one.label == "Branch from here").click()
    checked(test.run())
    assert (RunTable().newest()[0].parent, RunTable().newest()[0].parent_step) == ("shipped-lenet", 0)
    assert alone  # threads that wait for each other made 27 moments of VGG take half a minute beside a training


def test_clothes_are_told_apart_by_name(orders: Orders, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(FOLDER_VARIABLE, str(tmp_path))
    row = trained(orders, "done")
    orders.table.note(row.id, settings=RunSettings(data="fashion", epochs=1, pictures=128).to_json())
    photos.test_photos.clear()
    assert "Fashion-MNIST could not be read" in text(opened(row.id))
    write_clothes(tmp_path)
    test = opened(row.id)
    titles = [tile["answer"] for one in every(test, "tiles") for tile in one["tiles"]]
    assert titles[:2] == ["T-shirt/top", "Trouser"]
    assert "Its examination, T-shirt/top: it says" in text(test)
    assert {"Keep it", "Branch from here"} <= labels(test)
    test.segmented_control(key="train look").set_value("Confusion matrix")
    checked(test.run())
    assert "are read as **" in text(test)
    assert shown(test, "counts")["classes"][9] == "Ankle boot"
    checked(test.selectbox(key="train data").set_value("fashion").run())
    next(one for one in test.button if one.label == "Start training").click()
    checked(test.run())
    assert RunTable().newest()[0].settings.data == "fashion"
    assert "sees 55,000 pictures of clothes" in text(test)


def test_a_folder_of_ones_own_is_chosen_trained_on_and_private(orders: Orders, monkeypatch: pytest.MonkeyPatch) -> None:
    test = opened()
    files = [
        (f"pets/{name}/{at}.png", colored_file(name, at, shade).read(), "image/png")
        for name, shade in (("cat", 0), ("dog", 90))
        for at in range(7)
    ]
    checked(test.file_uploader(key="train folder").set_value([*files, ("pets/dog/9.png", b"bad", "image/png")]).run())
    said = text(test)
    assert "sees 10 pictures of cat and dog" in said
    assert "dog/9.png" in said or "9.png" in said
    assert any(one.value.startswith("pets: 10 pictures to learn from, 2 to measure") for one in test.caption)
    next(one for one in test.button if one.label == "Start training").click()
    checked(test.run())
    row = RunTable().newest()[0]
    assert (row.settings.data, row.settings.batch) == (test.selectbox(key="train data").value, 8)
    titles = [tile["answer"] for one in every(test, "tiles") for tile in one["tiles"]]
    assert titles == ["cat", "dog"]
    monkeypatch.setattr(person, "opened_to_others", lambda: True)
    other = driver.opened("train", run=row.id)
    assert "There is no run" in text(other)
    assert "pets" not in other.selectbox(key="train data").options
    assert not any("pets" in one for one in labels(other))


def test_somebody_elses_run_is_looked_at_and_left_alone(orders: Orders, monkeypatch: pytest.MonkeyPatch) -> None:
    row = trained(orders, "stopped")
    assert "Go on" in labels(opened(row.id))
    monkeypatch.setattr(person, "opened_to_others", lambda: True)
    test = opened(row.id)
    assert "Go on" not in labels(test)
    assert any("Somebody else's run" in one.value for one in test.caption)
    assert "Branch from here" in labels(test)


def test_a_sweep_is_a_chart_a_table_and_a_sentence(orders: Orders) -> None:
    assert "Sweeps: many trainings compared" not in {one.label for one in opened().expander}
    made = sweep.plan_sweep(["lenet", "vgg"], [0.001, 0.01], 2, RunSettings(epochs=1))
    for at, accuracy in enumerate((0.9, 0.92, 0.95, 0.97)):
        sweep.keep_result(made, TrialResult(at, "", "done", accuracy, 450, 500, 1.0))
    sweep.keep_result(made, TrialResult(4, "", "failed", 0.1, 0, 0, 1.0))
    test = opened()
    assert test.selectbox(key="train sweep").value == made.id
    assert "Best: **LeNet-5** at a rate of 0.01, 96.0 % of held-out pictures right" in text(test)
    assert "each of its seeds above every other setting's. 3 trainings are not over" in text(test)
    curves = [line["name"] for one in every(test, "lines") for line in one["lines"] if one["title"].startswith("Acc")]
    assert curves == ["LeNet-5"]
    rows = shown(test, "rows")["rows"]
    assert [row["cells"][5]["text"] for row in rows] == ["2 done", "2 done", "0 done", "0 done"]
    assert rows[2]["cells"][5]["note"] == "1 failed, 1 to come"
