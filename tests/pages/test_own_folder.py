"""A folder of one's own photos on the pages that measure on a set: Compare, Robustness and Ablation."""

from __future__ import annotations

from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

from cnn import zoo
from cnn.evaluation import photo_set
from cnn.evaluation.photo_set import FolderPhoto, PhotoSet
from cnn.paths import ASSETS
from tests.pages.driver import TIMEOUT, checked, every, opened, shown
from tests.pages.evidence_client import client
from ui.compare import dataset_views, robustness_curves
from ui.inspect import lesion_measure
from ui.resources import measurements
from ui.resources.background_job import BackgroundJobs
from ui.selection import own_photo_folder

__all__ = ["client"]  # the fixture, which pytest finds by its name here
PHOTOS = ASSETS / "photos"
TWO = "cifar10/lenet,imagenet/squeezenet"
pytestmark = pytest.mark.usefixtures("client")


def bring(test: AppTest, *more: tuple[str, bytes, str], folder: str = "cat") -> AppTest:
    """Bring a folder with a cat under the name that a class has, and a car."""
    files = [(f"mine/{folder}/1.jpg", (PHOTOS / "cat.jpg").read_bytes(), "image/jpeg")]
    uploader = next(one for one in test.file_uploader if one.accept_directory)
    return checked(uploader.set_value([*files, *more]).run())


def said(test: AppTest) -> str:
    return "\n".join(one.value for one in [*test.markdown, *test.caption, *test.warning, *test.info])


def ended(jobs: BackgroundJobs[Any]) -> None:
    assert all(work.ended.wait(TIMEOUT) for work in jobs._works.values())
    assert jobs._works


@pytest.fixture(autouse=True)
def fresh() -> None:
    for jobs in (measurements.own_dataset_jobs, robustness_curves.own_curve_jobs, lesion_measure.own_accuracy_jobs):
        jobs.clear()


def test_compare_asks_networks_of_imagenet_about_ones_own_folder(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CONVSCOPE_DATA", str(ASSETS))
    test = opened("compare", networks="imagenet/efficientnet_lite0,imagenet/squeezenet")
    assert "Bring a folder of your own photos" in said(test)
    bring(test, ("mine/unicorn/1.png", b"", "image/png"), ("mine/817/2.jpg", b"bad", "image/jpeg"), folder="n02123045")
    assert "ImageNet: one photo of one class" in said(test)
    assert "unicorn" in said(test)
    assert "mine/817/2.jpg" in said(test)
    checked(test.button("compare:whole ask").click().run())
    ended(measurements.own_dataset_jobs())
    checked(test.run())
    table = next(one for one in every(test, "columns") if any(part["title"] == "Wrong" for part in one["columns"]))
    wrong = [part["title"] for part in table["columns"]].index("Wrong")
    assert [row["cells"][wrong]["value"] in (0, 1) for row in table["rows"]] == [True, True]
    for name, view in dataset_views.VIEWS.items():
        checked(test.segmented_control("view").set_value(name).run())
        counts = [len(one["counts"]) for one in every(test, "counts")]
        assert counts == ([2] if name == "confused" else []), f"{view.title}: of 1,000 classes those that are shown"


def test_a_folder_that_names_no_class_is_told_in_the_form() -> None:
    test = bring(opened("compare", networks=TWO), folder="holiday")
    assert "photos/airplane/1.jpg" in said(test)
    assert "holiday" in said(test)


def held(data: str) -> dict[str, object]:
    """Hold a folder as a session does that comes from another page."""
    photos = (FolderPhoto("mine/cat/1.jpg", (PHOTOS / "cat.jpg").read_bytes()),)
    photos = (FolderPhoto("mine/281/1.jpg", photos[0].data),) if data == "imagenet" else photos
    return {own_photo_folder.KEPT: own_photo_folder.OwnFolder(("1",), photos)}


def test_robustness_bends_ones_own_folder_from_another_page() -> None:
    test = opened("robustness", held("imagenet"), data="imagenet", change="brightness")
    start = next(button for button in test.button if button.label.startswith("Ask "))
    assert "about one picture at" in start.label
    checked(start.click().run())
    ended(robustness_curves.own_curve_jobs())
    checked(test.run())
    names = {line["name"] for plot in every(test, "lines") for line in plot["lines"]}
    assert {zoo.read_card(name).title for name in zoo.answering_networks("imagenet")} <= names


def test_ablation_measures_on_ones_own_folder() -> None:
    network = "imagenet/squeezenet"
    layer = lesion_measure.ablation.ablatable_layers(lesion_measure.network_cache.opened_network(network).graph)[-1]
    test = opened("lesion", held("imagenet"), network=network, layer=layer.name, off="0.1")
    ended(lesion_measure.own_accuracy_jobs())
    checked(test.run())
    assert shown(test, "rows", "Accuracy on 1 of your photos for ImageNet")


def test_forgetting_forgets() -> None:
    test = opened("compare", held("cifar10"), networks=TWO)
    assert "CIFAR-10: one photo" in said(test)
    checked(test.segmented_control("set").set_value("own-cifar10").run())
    assert "photos that you chose" in said(test)
    checked(test.button("compare:whole forget folder").click().run())
    assert own_photo_folder.KEPT not in test.session_state
    assert "CIFAR-10: one photo" not in said(test)
    assert "photos that you chose" not in said(opened("compare", networks=TWO, set="own-cifar10")), "a link of another"


def test_what_was_measured_of_ones_own_photos_goes_with_the_visit() -> None:
    for jobs in (measurements.own_dataset_jobs, robustness_curves.own_curve_jobs, lesion_measure.own_accuracy_jobs):
        assert jobs()._outlasts == "nothing"
    network = zoo.load_network("cifar10/lenet")
    found = photo_set.read_photo_set([FolderPhoto("mine/cat/1.jpg", (PHOTOS / "cat.jpg").read_bytes())], network)
    measurements.start_dataset_run(found, [network])
    work = measurements.last_dataset_run(found, network.name)
    assert work is not None
    assert work.ended.wait(TIMEOUT)
    assert not any(isinstance(one, PhotoSet) for one in getattr(work.do, "args", ())), "the result must not hold photos"
    assert measurements.dataset_jobs().last((found.name, network.name)) is None
