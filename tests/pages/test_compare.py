"""The Compare page: two to eight networks on one input, what they cost, and how they do over a set."""

from __future__ import annotations

import csv
import io
import json
import subprocess
import sys
from collections.abc import Iterator
from concurrent.futures import Future
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from streamlit.testing.v1 import AppTest

from cnn import large, zoo
from cnn.explain.jobs import Heat, Job
from cnn.weigh import NotWeighed, Weight
from ui import behind, costs, evidence, ledger

ROOT = Path(__file__).resolve().parents[2]
TIMEOUT = 60  # s
FIVE = ["LeNet-5", "AlexNet", "VGG", "Inception", "ResNet-20"]


class Client:
    """Stands for the process that computes evidence: it answers at once."""

    ready = True

    def __init__(self) -> None:
        self.jobs: list[Job] = []
        self.trouble: Exception | None = None

    def submit(self, job: Job) -> Future[Heat]:
        self.jobs.append(job)
        answer: Future[Heat] = Future()
        if self.trouble:
            answer.set_exception(self.trouble)
        else:
            answer.set_result(Heat(np.eye(7, dtype=np.float32), 1.0))
        return answer


@pytest.fixture(autouse=True)
def client(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[Client]:
    one = Client()
    evidence.asked.clear()
    monkeypatch.setenv(large.CACHE_VARIABLE, str(tmp_path))  # nothing has been fetched
    monkeypatch.setattr(evidence, "client", lambda: one)
    yield one
    evidence.asked.clear()


@pytest.fixture(autouse=True)
def scales(monkeypatch: pytest.MonkeyPatch) -> dict[str, Future[Weight]]:
    """Stand for the process that measures: LeNet is fast, ResNet fails, the rest takes a while."""
    made: dict[str, Future[Weight]] = {}

    def weighed(name: str, _folder: Path) -> Future[Weight]:
        future = made.setdefault(name, Future())
        if name.endswith("lenet") and not future.done():
            future.set_result(Weight(0.02, 0.025, 0.031, 200, 5.1))
        if name.endswith("resnet") and not future.done():
            future.set_exception(NotWeighed("It could not be measured."))
        return future

    monkeypatch.setattr(behind, "weighed", weighed)
    return made


def opened(**address: str) -> AppTest:
    test = AppTest.from_file(str(ROOT / "app.py"), default_timeout=TIMEOUT)
    for name, value in address.items():
        test.query_params[name] = value
    return checked(test.switch_page("pages/compare.py").run())


def checked(test: AppTest) -> AppTest:
    assert not test.exception
    return test


def shown(test: AppTest, part: str) -> dict[str, Any]:
    """Give what the component that has `part` in its data shows."""
    every = (json.loads(one.proto.json or "{}") for one in test.get("bidi_component"))
    return next(dict(data) for data in every if part in data)


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
    return [name.split("/")[1] for name in zoo.names("mnist")]


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
    assert not test.get("bidi_component")


def test_photos_are_compared_across_data_sets() -> None:
    test = opened(networks=",".join([*zoo.names("imagenet"), *zoo.names("cifar10")]), input="cat")
    line = shown(test, "cards")["cards"]
    assert [card["network"] for card in line] == [*zoo.names("imagenet"), *zoo.names("cifar10")]
    assert "1,000 names" in test.caption[0].value
    assert all("evidence" not in (box.key or "") for box in test.selectbox)


@pytest.mark.parametrize("address", [{"networks": "mnist/nobody"}, {"networks": "<b>"}, {"cost": "money"}])
def test_a_bogus_address_is_ignored(address: dict[str, str]) -> None:
    assert [card["title"] for card in shown(opened(**address), "cards")["cards"]] == FIVE


def test_the_table_tells_what_is_known_and_what_is_not_yet() -> None:
    test = opened()
    assert [cell["text"] for cell in cells(test, "Network")] == FIVE
    assert [cell["value"] for cell in cells(test, "Depth")] == [costs.depth_of(name) for name in zoo.names("mnist")]
    assert [cell["note"] for cell in cells(test, "One answer")] == [
        "0.02 to 0.031",
        *["measuring"] * 3,
        "not measured",
    ]
    assert cells(test, "Right answers")[0] == {"text": "99.49 %", "value": 0.9949, "note": "99.33 to 99.61"}


def test_the_chart_follows_the_cost_that_one_chose() -> None:
    one, other = shown(opened(), "dots"), shown(opened(cost="Time"), "dots")
    assert [dot["name"] for dot in one["dots"]] == FIVE
    assert [dot["name"] for dot in other["dots"]] == ["LeNet-5"]
    assert "ms" in other["axes"][0]["label"]
    assert all(dot["low"] < dot["y"] < dot["high"] for dot in one["dots"])


def test_the_table_leaves_as_csv() -> None:
    columns = (ledger.Column("Network"), ledger.Column("One answer"))
    rows = (
        ledger.Row("a", (ledger.Cell("LeNet, of 1998"), ledger.Cell("0.02 ms", 0.0234, "0.02 to 0.03"))),
        ledger.Row("b", (ledger.Cell("VGG"), ledger.Cell("-", None, "measuring"))),
    )
    read = list(csv.reader(io.StringIO(ledger.as_csv(columns, rows))))
    assert read == [
        ["Network", "One answer", "One answer, note"],
        ["LeNet, of 1998", "0.0234", "0.02 to 0.03"],
        ["VGG", "-", "measuring"],
    ]


ANSWERED = """
import sys
from concurrent.futures import Future
from streamlit.testing.v1 import AppTest
from ui import behind, evidence

evidence.client = lambda: type("Client", (), {"ready": False, "submit": lambda self, job: Future()})()
behind.weighed = lambda name, folder: Future()
test = AppTest.from_file("app.py", default_timeout=60).switch_page("pages/compare.py").run()
assert not test.exception, test.exception
print(sorted(name for name in ("tensorflow", "keras", "pandas", "ai_edge_litert") if name in sys.modules))
"""


def test_neither_tensorflow_nor_pandas_comes_into_the_server() -> None:
    done = subprocess.run([sys.executable, "-c", ANSWERED], capture_output=True, text=True, cwd=ROOT, check=False)
    assert done.returncode == 0, done.stderr
    assert done.stdout.strip() == "['ai_edge_litert']"
