"""Real pictures on the Layers page, without a browser: what is cut out is what excites the unit, and whose it is."""

from __future__ import annotations

from base64 import b64decode
from collections.abc import Iterator
from functools import partial
from io import BytesIO
from pathlib import Path

import numpy as np
import pytest
from PIL import Image
from streamlit.testing.v1 import AppTest

from cnn import zoo
from cnn.errors import Cancelled
from cnn.layers import activations, dataset_examples
from tests.pages import driver
from tests.pages.driver import TIMEOUT, checked, shown
from ui.inspect import layers_example_pictures, layers_examples
from ui.resources import photos
from ui.resources.photos import MediaFile, media_file
from ui.selection import photo_upload

LENET, LITE0 = "mnist/lenet", "imagenet/efficientnet_lite0"
CACHED = (
    layers_example_pictures.held_out_pictures,
    layers_example_pictures.sample_parts,
    layers_examples.example_jobs,
    layers_examples.own_jobs,
)
opened = partial(driver.opened, "layers", pictures="true")


@pytest.fixture(autouse=True)
def cache(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[Path]:
    """Keep what is found in a folder of the test's own; nothing is known yet."""
    monkeypatch.setenv("CONVSCOPE_CACHE", str(tmp_path))
    monkeypatch.setattr(layers_example_pictures, "MOST_PICTURES", 60)
    for cached in CACHED:
        cached.clear()
    yield tmp_path / layers_examples.FOLDER
    for cached in CACHED:
        cached.clear()


@pytest.fixture
def two_photos(monkeypatch: pytest.MonkeyPatch) -> None:
    """Look in two of the sample photos alone: every part of a photo takes EfficientNet-Lite0 a tenth of a second."""
    listed = photos.sample_photos()[:2]
    for module in (photos, photo_upload):
        monkeypatch.setattr(module, "sample_photos", lambda: listed)


def looked_through(test: AppTest, name: str) -> AppTest:
    work = layers_examples.example_jobs().last(layers_examples.job_name(zoo.load_network(name)))
    assert work is not None
    assert work.ended.wait(TIMEOUT)
    return checked(test.run())


def pixels(uri: str) -> np.ndarray:
    return np.asarray(Image.open(BytesIO(b64decode(uri.partition(",")[2]))))


def grey_photo() -> MediaFile:
    file = BytesIO()
    Image.fromarray(np.random.default_rng(1).integers(0, 255, (96, 80, 3), np.uint8)).save(file, "PNG")
    return media_file("holiday.png", file.getvalue())


def test_what_is_cut_out_excites_the_unit_as_said_whatever_is_around_it() -> None:
    network = activations.open_network(LENET)
    test = looked_through(opened(network=LENET, layer="c3", unit="4"), LENET)
    view = shown(test, "groups")
    assert [len(group["patches"]) for group in view["groups"]] == [9, 9]
    for patch in (patch for group in view["groups"] for patch in group["patches"]):
        left, top, width, height = patch["box"]
        assert max(width, height) <= 14  # of 28: what conv and pooling reach, less at the edges
        picture = pixels(view["pictures"][patch["picture"]])[..., None].astype(np.float32) / np.float32(255)
        alone = np.zeros_like(picture)
        alone[top : top + height, left : left + width] = picture[top : top + height, left : left + width]
        whole, cut = (network.maps(one)["c3"][..., 4] for one in (picture, alone))
        place = np.unravel_index(whole.argmax(), whole.shape)
        assert f"row {place[0]}, column {place[1]} of its map" in patch["sentence"]
        assert cut[place] == pytest.approx(whole[place], abs=1e-5)
        assert f"{whole[place]:.3g}" == patch["value"]


def test_what_was_found_is_kept_on_the_disk_for_the_next_start(cache: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    before = shown(looked_through(opened(network=LENET, layer="c1"), LENET), "groups")
    assert [file.name.startswith("mnist-lenet-") for file in cache.iterdir()] == [True]
    layers_examples.example_jobs.clear()
    monkeypatch.setattr(dataset_examples, "find_dataset_examples", lambda *_: pytest.fail("looked again"))
    assert shown(looked_through(opened(network=LENET, layer="c1"), LENET), "groups") == before


def test_other_weights_are_looked_through_anew(cache: Path) -> None:
    looked_through(opened(network=LENET, layer="c1"), LENET)
    (kept,) = cache.iterdir()
    layers_examples.example_jobs.clear()
    kept.write_bytes(kept.read_bytes()[:100])
    assert shown(looked_through(opened(network=LENET, layer="c1"), LENET), "groups")["groups"]


def test_looking_that_was_cancelled_is_begun_again_by_hand(monkeypatch: pytest.MonkeyPatch) -> None:
    def cancelled(*_: object) -> None:
        raise Cancelled("Looking through the pictures was cancelled.")

    with monkeypatch.context() as patch:
        patch.setattr(dataset_examples, "find_dataset_examples", cancelled)
        test = looked_through(opened(network=LENET, layer="c1"), LENET)
    assert any("was stopped" in caption.value for caption in test.caption)
    button = next(one for one in test.button if one.label == "Look again")
    assert shown(looked_through(checked(button.click().run()), LENET), "groups")["groups"]


def test_the_input_has_no_examples() -> None:
    assert any("pictures themselves" in caption.value for caption in opened(network=LENET, layer="image").caption)


@pytest.mark.usefixtures("two_photos")
def test_ones_own_photos_stay_in_the_session(cache: Path) -> None:
    test = opened(network=LITE0, layer="stem", unit="3", session={"inputs:photos": (grey_photo(),)})
    test = looked_through(test, LITE0)
    button = next(one for one in test.button if one.label == "Look in your photo, too")
    test = checked(button.click().run())
    work = layers_examples.own_jobs().last((LITE0, (grey_photo().key,)))
    assert work is not None
    assert work.ended.wait(TIMEOUT)
    view = shown(checked(test.run()), "groups")
    assert "of 15 pictures" in view["groups"][0]["note"]  # three photos, each whole and its quarters
    names = {patch["name"] for group in view["groups"] for patch in group["patches"]}
    assert any(name.startswith("holiday.png") for name in names)

    another = shown(looked_through(opened(network=LITE0, layer="stem", unit="3"), LITE0), "groups")
    assert "of 10 pictures" in another["groups"][0]["note"]
    (kept,) = cache.iterdir()
    graph = activations.open_network(LITE0).graph
    found = dataset_examples.read_examples(kept, graph)
    assert found is not None
    assert found.count == 10
