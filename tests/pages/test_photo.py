"""The Photo page without a browser, with real networks; the evidence is made up, of the class that was asked for."""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence

import pytest
from PIL import Image
from streamlit.testing.v1 import AppTest

from cnn import zoo
from cnn.array_types import Array, Pixels
from cnn.inference import photo_classification
from cnn.zoo import pretrained
from tests.browser.files import DAMAGED, png
from tests.pages import driver
from tests.pages.driver import checked, shown
from tests.pages.evidence_client import Client, client
from ui.ask import photo_answers
from ui.resources import network_download, photos
from ui.text.out_of_distribution import UNLIKE

__all__ = ["client"]  # the fixture, which pytest finds by its name here
NAME = "imagenet/efficientnet_lite0"
SAMPLES = photos.sample_photos()


def opened(chosen: photos.MediaFile | None = None, **address: str) -> AppTest:
    """Open the page, with a photo that is chosen."""
    session = {"photo:gallery": {"chosen": {"value": chosen.key, "turn": 1}}} if chosen else None
    return driver.opened("photo", session, **address)


def said(test: AppTest) -> str:
    return "\n".join(element.value for element in test.markdown)


def names(test: AppTest) -> list[str]:
    return [tile["name"] for tile in shown(test, "tiles")["tiles"]]


def test_it_opens_with_every_sample_answered() -> None:
    test = opened()
    assert test.title[0].value == "Photo: what is in it?"
    assert names(test) == [sample.name for sample in SAMPLES]
    assert all(tile["answer"] for tile in shown(test, "tiles")["tiles"])
    assert shown(test, "tiles")["chosen"] == SAMPLES[0].key


def test_the_answers_are_right_where_imagenet_has_the_class() -> None:
    answers = {tile["name"]: tile["answer"] for tile in shown(opened(), "tiles")["tiles"]}
    assert answers["Cat"] in ("Egyptian Mau", "tabby cat", "tiger cat")
    assert "espresso" in answers["Coffee"].lower()
    assert answers["Galaxies"] == UNLIKE


RIGHT = {  # the five easy samples, and what counts as right
    "Cat": ("cat", "Egyptian Mau", "tabby cat", "tiger cat"),
    "Horse": ("horse", "common sorrel horse"),
    "Ship": ("ship", "yawl (boat)"),
    "Truck": ("truck", "moving van"),
    "Dog": ("dog", "King Charles Spaniel"),
}
TAKE_THE_CAT_FOR_A_FROG = ("cifar10/alexnet", "cifar10/lenet")


@pytest.mark.parametrize("name", [*zoo.network_names("cifar10"), NAME, "imagenet/resnet50"])
def test_the_first_five_are_easy_and_the_next_is_told_as_a_trap(name: str) -> None:
    tiles = shown(opened(network=name), "tiles")["tiles"]
    assert [tile["name"] for tile in tiles[:6]] == [*RIGHT, "Rocket"]
    wrong = {tile["name"] for tile in tiles[:5] if tile["answer"] not in RIGHT[tile["name"]]}
    assert wrong <= ({"Cat"} if name in TAKE_THE_CAT_FOR_A_FROG else set())
    if name == NAME:
        assert opened(network=name, input="rocket").warning[0].value.startswith("A trap: ")


def test_another_photo_has_another_answer() -> None:
    coffee = next(sample for sample in SAMPLES if sample.name == "Coffee")
    one, other = opened(SAMPLES[0]), opened(coffee)
    assert shown(other, "tiles")["chosen"] == coffee.key
    assert shown(one, "ranks")["ranks"] != shown(other, "ranks")["ranks"]
    assert shown(one, "photo")["photo"] != shown(other, "photo")["photo"]
    assert "espresso" in said(other).lower()


def test_the_bars_fall_and_the_best_is_chosen(client: Client) -> None:
    ranks = shown(opened(), "ranks")
    shares = [rank["share"] for rank in ranks["ranks"]]
    assert shares == sorted(shares, reverse=True)
    assert ranks["chosen"] == ranks["ranks"][0]["key"]
    assert [str(job.label) for job in client.jobs] == [ranks["chosen"]]


def test_the_evidence_is_of_the_class_that_one_clicked(client: Client) -> None:
    test = opened()
    second = shown(test, "ranks")["ranks"][1]
    test.session_state[f"photo:{NAME}:{SAMPLES[0].key}"] = {"chosen": {"value": second["key"], "turn": 1}}
    checked(test.run())
    assert str(client.jobs[-1].label) == second["key"]
    assert f"The evidence for {second['name']} lies" in shown(test, "photo")["caption"]
    assert shown(test, "photo")["heat"].startswith("data:image/png")
    assert shown(test, "photo")["box"]


def test_evidence_is_asked_for_the_exact_input(client: Client) -> None:
    opened()
    assert client.jobs[0].network == NAME
    assert client.jobs[0].image.shape == zoo.load_network(NAME).runner.shape


def test_without_evidence_there_is_a_reason(client: Client) -> None:
    client.trouble = RuntimeError("The engine ended.")
    test = opened()
    assert shown(test, "photo")["caption"] == "The engine ended."
    assert shown(test, "photo")["heat"] == ""
    assert test.button("photo:evidence again")


def test_one_s_own_photo_comes_first_and_is_chosen() -> None:
    test = opened()
    checked(test.file_uploader[0].upload("mine.png", png(), "image/png").run())
    tiles = shown(test, "tiles")
    assert names(test) == ["mine.png", *(sample.name for sample in SAMPLES)]
    assert tiles["chosen"] == tiles["tiles"][0]["key"]


@pytest.mark.parametrize(("data", "sentence"), [(DAMAGED, "is damaged"), (b"not one", "no picture"), (b"", "is empty")])
def test_what_cannot_be_read_gets_one_sentence_and_the_rest_stays(data: bytes, sentence: str) -> None:
    test = opened()
    test.file_uploader[0].upload("bad.png", data, "image/png").upload("good.png", png(), "image/png")
    checked(test.run())
    assert len(test.warning) == 1
    assert test.warning[0].value.startswith("bad.png")
    assert sentence in test.warning[0].value
    assert names(test) == ["good.png", *(sample.name for sample in SAMPLES)]


def test_a_photo_that_only_the_network_fails_on_is_named_and_the_rest_stays(monkeypatch: pytest.MonkeyPatch) -> None:
    wide, fit_photo = Image.new("RGB", (333, 47), "teal"), photo_classification.fit_photo

    def failing(shape: Sequence[int], pixels: Pixels) -> Array:
        if pixels.shape[:2] == (wide.height, wide.width):
            raise FloatingPointError("overflow")
        return fit_photo(shape, pixels)

    monkeypatch.setattr(photo_classification, "fit_photo", failing)
    wide.save(file := io.BytesIO(), "PNG")
    test = opened()
    checked(test.file_uploader[0].upload("wide.png", file.getvalue(), "image/png").run())
    assert [one.value for one in test.warning] == ["wide.png could not be read (FloatingPointError: overflow)."]
    assert names(test) == [sample.name for sample in SAMPLES]
    assert test.file_uploader


def test_every_network_is_in_the_list_also_those_to_fetch() -> None:
    options = opened().selectbox[0].options
    here = [name for data in ("imagenet", "cifar10") for name in zoo.answering_networks(data)]
    assert len(options) == len(here) + len(pretrained.PRETRAINED)
    assert [option for option in options if "MB to fetch" in option] == list(
        network_download.missing_networks().values()
    )


def test_a_network_that_is_not_here_is_offered() -> None:
    test = opened()
    checked(test.selectbox[0].set_value("imagenet/vgg16").run())
    assert "VGG16 is not on this machine yet" in test.info[0].value
    assert [button.label for button in test.button if button.label.startswith("Fetch")] == ["Fetch VGG16 (528 MB)"]
    checked(test.button("instead of imagenet/vgg16").click().run())
    assert test.selectbox[0].value == NAME
    assert not test.info
    assert names(test)


@pytest.mark.parametrize("name", zoo.network_names("cifar10"))
def test_every_network_answers_with_its_own_classes(name: str) -> None:
    test = opened()
    checked(test.selectbox[0].set_value(name).run())
    classes = set(zoo.read_card(name).classes)
    assert {rank["name"] for rank in shown(test, "ranks")["ranks"]} <= classes
    assert {tile["answer"] for tile in shown(test, "tiles")["tiles"]} <= classes | {UNLIKE}


@pytest.mark.parametrize("name", ["imagenet/vgg99", "<script>", "mnist/lenet", ""])
def test_a_bogus_network_is_ignored(name: str) -> None:
    assert opened(network=name).selectbox[0].value == NAME


@pytest.mark.parametrize("message", [None, "x", {"value": "no such photo", "turn": 1}, {"value": [1], "turn": 1}])
def test_a_malformed_choice_changes_nothing(message: object) -> None:
    test = opened()
    test.session_state["photo:gallery"] = {"chosen": message}
    assert shown(checked(test.run()), "tiles")["chosen"] == SAMPLES[0].key


def test_the_table_has_every_photo() -> None:
    network = zoo.load_network(NAME)
    rows = list(csv.DictReader(io.StringIO(photo_answers.photos_csv(network, list(SAMPLES)))))
    assert len(rows) == 5 * len(SAMPLES)
    assert {row["known"] for row in rows if row["photo"] == "Galaxies"} == {"False"}
