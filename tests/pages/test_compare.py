"""The Compare page: two to eight networks on one input, what they cost, and how they do over a set."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Callable
from concurrent.futures import Executor, Future
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from streamlit.testing.v1 import AppTest

from cnn import zoo
from cnn.datasets import evaluation_sets
from cnn.evaluation import dataset_predictions
from cnn.evaluation.profiler import NetworkProfile
from tests.pages import driver
from tests.pages.driver import ROOT, checked, every, shown
from tests.pages.evidence_client import Client, client
from ui.compare import cost_table
from ui.components.sortable_table import sortable_table
from ui.resources import measurements
from ui.resources.background_job import BackgroundJob, BackgroundJobs
from ui.selection import network_set_picker

__all__ = ["client"]  # the fixture, which pytest finds by its name here
PHOTO_NETWORKS = (*zoo.answering_networks("imagenet"), *zoo.network_names("cifar10"))
MNIST = evaluation_sets.find_picture_set("mnist")
FIVE = ["LeNet-5", "AlexNet", "VGG", "Inception", "ResNet-20"]


opened = partial(driver.opened, "compare")


@pytest.fixture(autouse=True)
def scales(monkeypatch: pytest.MonkeyPatch) -> dict[str, BackgroundJob[NetworkProfile]]:
    """Stand for the process that measures: LeNet is fast, ResNet fails, the rest takes a while."""
    made: dict[str, BackgroundJob[NetworkProfile]] = {}

    def weighed(name: str, _folder: Path) -> BackgroundJob[NetworkProfile]:
        job = made.setdefault(
            name, BackgroundJob(name, lambda came, stopped: NetworkProfile(0.02, 0.025, 0.031, 200, 5.1))
        )
        if name.endswith("resnet"):
            job.error = "It could not be measured."
            job.ended.set()
        elif name.endswith("lenet") and not job.ended.is_set():
            job.run()
        return job

    monkeypatch.setattr(measurements, "measured_cost", weighed)
    return made


def cells(test: AppTest, column: str) -> list[dict[str, Any]]:
    table = shown(test, "columns")
    at = [one["title"] for one in table["columns"]].index(column)
    return [row["cells"][at] for row in table["rows"]]


def test_it_opens_with_five_networks_that_read_a_seven() -> None:
    test = opened()
    line = shown(test, "cards")
    assert [card["title"] for card in line["cards"]] == FIVE
    assert {card["label"] for card in line["cards"]} == {"7"}
    assert line["agreement"] == "All 5 say 7"


def test_each_network_s_evidence_is_asked_for_its_own_answer(client: Client) -> None:
    test = opened()
    assert [job.network for job in client.jobs] == [f"mnist/{zoo_name}" for zoo_name in _architectures()]
    assert {job.label for job in client.jobs} == {7}
    assert all(card["heat"] for card in shown(test, "cards")["cards"])
    assert shown(test, "cards")["ramp"]


def _architectures() -> list[str]:
    return [name.split("/")[1] for name in zoo.network_names("mnist")]


def test_the_evidence_for_one_class_is_asked_of_all(client: Client) -> None:
    test = opened()
    client.jobs.clear()
    checked(test.selectbox("compare:lineup evidence").set_value(2).run())
    assert [job.label for job in client.jobs] == [2] * 5
    assert all("The evidence for 2 lies" in card["caption"] for card in shown(test, "cards")["cards"])


def test_without_evidence_there_is_a_reason_and_another_try(client: Client) -> None:
    client.trouble = RuntimeError("The engine ended.")
    test = opened()
    assert {card["caption"] for card in shown(test, "cards")["cards"]} == {"The engine ended."}
    client.trouble = None
    checked(test.button("compare:lineup again").click().run())
    assert all(card["heat"] for card in shown(test, "cards")["cards"])


def test_networks_can_be_left_out_but_not_all() -> None:
    test = opened()
    checked(test.multiselect[0].set_value(["mnist/vgg", "mnist/lenet"]).run())
    assert [card["title"] for card in shown(test, "cards")["cards"]] == ["LeNet-5", "VGG"]
    checked(test.multiselect[0].set_value(["mnist/vgg"]).run())
    assert test.info[0].value == "Choose at least two networks to compare."
    assert not every(test, "cards")


def test_photos_are_compared_across_data_sets() -> None:
    test = opened(networks=",".join(PHOTO_NETWORKS), input="cat")
    line = shown(test, "cards")["cards"]
    assert tuple(card["network"] for card in line) == PHOTO_NETWORKS[: network_set_picker.MOST]
    assert "1,000 names" in test.caption[0].value
    assert all("evidence" not in (box.key or "") for box in test.selectbox)


def kind(test: AppTest) -> Any:
    return next(one for one in test.get("button_group") if one.label == "What they look at")


def test_digits_and_photos_each_have_their_networks() -> None:
    test = opened()
    checked(kind(test).set_value("photos").run())
    photos = [card["network"] for card in shown(test, "cards")["cards"]]
    assert tuple(photos) == PHOTO_NETWORKS[: network_set_picker.MOST]
    assert test.query_params["networks"] == ",".join(photos)
    checked(kind(test).set_value("digits").run())
    assert [card["title"] for card in shown(test, "cards")["cards"]] == FIVE


def test_the_choice_is_there_when_one_comes_back() -> None:
    test = opened(networks="mnist/vgg,mnist/lenet")
    checked(test.switch_page("pages/home.py").run())
    test.query_params.clear()
    checked(test.switch_page("pages/compare.py").run())
    assert [card["title"] for card in shown(test, "cards")["cards"]] == ["LeNet-5", "VGG"]


def test_networks_of_several_data_sets_sat_different_exams() -> None:
    photos = zoo.network_names("cifar10")[:2]
    mixed = ",".join([*zoo.answering_networks("imagenet"), *photos])
    assert "different exams" in shown(opened(networks=mixed), "dots")["caption"]
    assert "different exams" not in shown(opened(networks=",".join(photos)), "dots")["caption"]


def test_what_could_not_be_measured_is_measured_again_on_demand(monkeypatch: pytest.MonkeyPatch) -> None:
    forgotten: list[str] = []
    monkeypatch.setattr(measurements.cost_jobs(), "forget", forgotten.append)
    checked(opened().button("compare:costs again").click().run())
    assert forgotten == ["mnist/resnet"]


@pytest.mark.parametrize("address", [{"networks": "mnist/nobody"}, {"networks": "<b>"}, {"cost": "money"}])
def test_a_bogus_address_is_ignored(address: dict[str, str]) -> None:
    assert [card["title"] for card in shown(opened(**address), "cards")["cards"]] == FIVE


def test_the_table_tells_what_is_known_and_what_is_not_yet() -> None:
    test = opened()
    assert [cell["text"] for cell in cells(test, "Network")] == FIVE
    assert [cell["value"] for cell in cells(test, "Depth")] == [
        cost_table.network_depth(name) for name in zoo.network_names("mnist")
    ]
    assert [cell["note"] for cell in cells(test, "One answer")] == [
        "0.02 to 0.031",
        *["measuring"] * 3,
        "not measured",
    ]
    assert cells(test, "Accuracy")[0] == {"text": "99.39 %", "value": 0.9939, "note": "99.22 to 99.52"}


def test_the_chart_follows_the_cost_that_one_chose() -> None:
    one, other = shown(opened(), "dots"), shown(opened(cost="Time"), "dots")
    assert [dot["name"] for dot in one["dots"]] == FIVE
    assert [dot["name"] for dot in other["dots"]] == ["LeNet-5"]
    assert "ms" in other["axes"][0]["label"]
    assert all(dot["low"] < dot["y"] < dot["high"] for dot in one["dots"])


def test_the_table_leaves_as_csv() -> None:
    columns = (sortable_table.TableColumn("Network"), sortable_table.TableColumn("One answer"))
    rows = (
        sortable_table.TableRow(
            "a",
            (sortable_table.TableCell("LeNet, of 1998"), sortable_table.TableCell("0.02 ms", 0.0234, "0.02 to 0.03")),
        ),
        sortable_table.TableRow(
            "b", (sortable_table.TableCell("VGG"), sortable_table.TableCell("-", None, "measuring"))
        ),
    )
    read = list(csv.reader(io.StringIO(sortable_table.table_as_csv(columns, rows))))
    assert read == [
        ["Network", "One answer", "One answer, note"],
        ["LeNet, of 1998", "0.0234", "0.02 to 0.03"],
        ["VGG", "-", "measuring"],
    ]


class AtOnce(Executor):
    """Stands for the thread: it does at once what it is given, or later where told so."""

    def __init__(self) -> None:
        self.later: list[Callable[[], object]] | None = None

    def submit(self, do: Callable[[], object]) -> Future[Any]:  # type: ignore[override]
        if self.later is None:
            do()
        else:
            self.later.append(do)
        return Future()


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch) -> AtOnce:
    """Answer 300 of MNIST's test digits at once, on a machine with no more than the app."""
    monkeypatch.setenv("CONVSCOPE_DATA", str(ROOT))
    few = evaluation_sets.find_picture_set("mnist").read().first(300)
    thread = AtOnce()
    works: BackgroundJobs[dataset_predictions.DatasetPredictions] = BackgroundJobs(thread.submit)
    monkeypatch.setattr(measurements, "cached_split", lambda name: few)
    monkeypatch.setattr(measurements, "dataset_jobs", lambda: works)
    return thread


def answered(_asked: AtOnce, **address: str) -> AppTest:
    measurements.start_dataset_run(MNIST, [zoo.load_network(name) for name in zoo.network_names("mnist")])
    return opened(**address)


def said(test: AppTest) -> str:
    return "\n".join(element.value for element in [*test.markdown, *test.caption])


def test_a_set_is_asked_on_a_click(asked: AtOnce) -> None:
    test = opened()
    assert "Not on this machine" not in said(test), "a fresh machine has MNIST's own test"
    checked(test.button("compare:whole ask").click().run())
    assert cells_of(test, "Wrong")
    assert all(measurements.last_dataset_run(MNIST, name) for name in zoo.network_names("mnist"))


def cells_of(test: AppTest, title: str, beside: str = "") -> list[dict[str, Any]]:
    """Give a column of the first table that has it, and `beside` it another one."""
    for data in every(test, "columns"):
        titles = [column["title"] for column in data["columns"]]
        if {title, beside or title} <= set(titles):
            return [row["cells"][titles.index(title)] for row in data["rows"]]
    raise AssertionError(f"There is no column {title}.")


def test_what_is_wrong_is_what_was_counted(asked: AtOnce) -> None:
    wrong = cells_of(answered(asked), "Wrong")
    for cell, name in zip(wrong, zoo.network_names("mnist"), strict=True):
        job = measurements.last_dataset_run(MNIST, name)
        assert job is not None
        assert job.result is not None
        assert cell["value"] == 300 - job.result.count[0]


def test_what_was_asked_is_there_when_one_comes_back(asked: AtOnce) -> None:
    test = answered(asked)
    checked(test.switch_page("pages/home.py").run())
    checked(test.switch_page("pages/compare.py").run())
    assert cells_of(test, "Wrong")


@pytest.mark.parametrize(
    ("view", "part", "words"),
    [
        ("Where they disagree", "strip", "They part on"),
        ("Confusion matrix", "counts", "Rows: what the pictures show."),
        ("Surest mistakes", "strip", "pictures; here are those it is most sure of"),
        ("Which is better", "cards", "mid-p"),
    ],
)
def test_each_closer_look_has_its_address(view: str, part: str, words: str, asked: AtOnce) -> None:
    test = answered(asked, view=view)
    assert shown(test, part)
    assert words in said(test)


def test_every_class_has_its_row(asked: AtOnce) -> None:
    test = answered(asked, view="Accuracy by class")
    assert [cell["text"] for cell in cells_of(test, "Class")] == list("0123456789")


def test_calibration_is_drawn_bar_by_bar(asked: AtOnce) -> None:
    test = answered(asked, view="Calibration")
    charts = every(test, "bars")
    assert charts[-1]["bars"]
    assert "Reliability of LeNet-5" in charts[-1]["spoken"]
    assert len(cells_of(test, "Confidence")) == len(FIVE)


def test_the_address_says_whose_calibration(asked: AtOnce) -> None:
    test = answered(asked, view="Calibration", of="VGG")
    charts = every(test, "bars")
    assert "Reliability of VGG" in charts[-1]["spoken"]
    bars = [bar["y"] for bar in charts[-1]["bars"]]
    assert [cell["value"] for cell in cells_of(test, "Accuracy", beside="Answers")] == bars


def test_the_chosen_cell_shows_its_pictures(asked: AtOnce) -> None:
    test = answered(asked, view="Confusion matrix")
    test.session_state["compare:whole:matrix"] = {"chosen": {"value": "7,7", "turn": 1}}
    checked(test.run())
    sevens = shown(test, "counts")["counts"][7][7]
    assert f"answered 7: **{sevens}** of them" in said(test)
    tiles = shown(test, "strip")["tiles"]
    assert len(tiles) == min(sevens, 18)
    assert {tile["head"] for tile in tiles} == {"shows 7"}


def test_more_pictures_come_on_demand_up_to_a_bound(asked: AtOnce) -> None:
    test = answered(asked, view="Confusion matrix")
    test.session_state["compare:whole:matrix"] = {"chosen": {"value": "7,7", "turn": 1}}
    checked(test.run())
    before = len(shown(test, "strip")["tiles"])
    checked(test.button("compare:whole:cell more").click().run())
    assert before < len(shown(test, "strip")["tiles"]) <= 90


def test_a_chosen_picture_is_looked_into(asked: AtOnce, client: Client) -> None:
    test = answered(asked)
    first = shown(test, "strip")["tiles"][0]
    client.jobs.clear()
    test.session_state["compare:whole:parted"] = {"chosen": {"value": first["key"], "turn": 1}}
    checked(test.run())
    assert len(client.jobs) == 5
    few = measurements.cached_split("digits")
    assert np.array_equal(client.jobs[0].image, few.images[int(first["key"])] / np.float32(255))


@pytest.mark.parametrize("message", ["7,7", {"value": "7,77", "turn": 1}, {"value": [7], "turn": 1}])
def test_a_malformed_cell_changes_nothing(message: object, asked: AtOnce) -> None:
    test = answered(asked, view="Confusion matrix")
    before = shown(test, "counts")["chosen"]
    test.session_state["compare:whole:matrix"] = {"chosen": message}
    assert shown(checked(test.run()), "counts")["chosen"] == before


def test_progress_can_be_cancelled_and_asked_anew(asked: AtOnce, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(measurements.pace, "seconds_a_picture", lambda network: 1e-3)  # a wait that is worth telling
    asked.later = []
    test = opened()
    checked(test.button("compare:whole ask").click().run())
    waiting = test.get("progress")[0].proto.text
    assert re.fullmatch("Waiting for its turn: LeNet-5, network 1 of 5, about [0-9]+ s left", waiting)
    checked(test.button("cancel mnist").click().run())
    assert test.get("progress")[0].proto.text == "Stopping"
    for run in asked.later:
        run()
    checked(test.run())
    assert re.fullmatch(r"Ask 5 networks all 10,000 pictures \(about .+\)", test.button("compare:whole ask").label)


def test_photo_networks_have_a_test_on_a_fresh_machine_and_are_told_how_to_get_all_of_it(asked: AtOnce) -> None:
    test = opened(networks=",".join(zoo.network_names("cifar10")[:2]))
    assert "python -m cnn evaluate --data cifar10 --set cifar10` once: Keras downloads it (163 MB)" in said(test)
    assert evaluation_sets.JPEG in said(test)
    assert test.button("compare:whole ask").label.startswith("Ask 2 networks all 2,000 pictures")
