"""A folder of one's own photos as a set: folders by name, label or synset, bounds, and what is left out."""

from __future__ import annotations

from io import BytesIO
from typing import Final

import numpy as np
import pytest
from PIL import Image

from cnn import zoo
from cnn.errors import BadInput
from cnn.evaluation import photo_set
from cnn.evaluation.photo_set import FolderPhoto
from cnn.inference.photo_classification import photo_input
from cnn.media import image_decoding
from cnn.paths import ASSETS
from cnn.zoo import Network

CAT: Final = (ASSETS / "photos" / "cat.jpg").read_bytes()


@pytest.fixture(scope="module")
def small() -> Network:
    return zoo.load_network("cifar10/lenet")


@pytest.fixture(scope="module")
def large() -> Network:
    return zoo.load_network("imagenet/squeezenet")


def flat(colour: int) -> bytes:
    file = BytesIO()
    Image.new("RGB", (40, 30), (colour, 0, 0)).save(file, "PNG")
    return file.getvalue()


@pytest.mark.parametrize(
    ("folder", "label"), [("Tabby", 281), ("281", 281), ("n02123045", 281), ("sports_car", 817), ("817", 817)]
)
def test_a_folder_of_imagenet_is_named_by_name_label_or_synset(folder: str, label: int, large: Network) -> None:
    found = photo_set.read_photo_set([FolderPhoto(f"mine/{folder}/a.jpg", CAT)], large)
    assert found.read().labels.tolist() == [label]
    wanted = photo_input(large, image_decoding.decode_image(CAT, "a.jpg").pixels)
    assert np.abs(found.read().images[0] / 255 - wanted).max() <= 0.5 / 255 + 1e-6, "the network's exact input"


def test_what_is_no_photo_or_no_class_is_told_and_the_others_stay(small: Network) -> None:
    brought = [
        FolderPhoto("mine/3/a.png", flat(9)),
        FolderPhoto("mine/cat/b.png", flat(99)),
        FolderPhoto("mine/dog/c.png", b"no picture"),
        FolderPhoto("mine/unicorn/d.png", flat(1)),
        FolderPhoto("loose.png", flat(1)),
    ]
    found = photo_set.read_photo_set(brought, small)
    assert [one.name for one in found.photos] == ["a.png", "b.png"]
    assert (found.pictures, found.read().labels.tolist()) == (2, [3, 3])
    told = " ".join(found.skipped)
    assert all(name in told for name in ("unicorn", "dog/c.png", "Files in no folder"))


def test_nothing_left_shows_the_form(small: Network) -> None:
    with pytest.raises(BadInput, match=r"photos/airplane/1\.jpg.*'holiday' is no class"):
        photo_set.read_photo_set([FolderPhoto("holiday/1.png", flat(3))], small)


def test_each_size_of_input_has_its_pixels(small: Network, large: Network) -> None:
    found = photo_set.read_photo_set([FolderPhoto("mine/cat/a.jpg", CAT)], small)
    assert found.split_for(small) is found.read()
    assert found.split_for(large).images.shape == (1, *large.runner.shape)


def test_too_many_or_too_large_are_bounded_and_drawn_from_all_folders() -> None:
    brought = [FolderPhoto(f"mine/{folder}/{at}.png", bytes(10)) for folder in ("cat", "dog") for at in range(40)]
    taken = photo_set.bounded_photos(brought, most=20)
    assert len(taken) == 20
    assert {one.folder for one in taken} == {"cat", "dog"}
    assert photo_set.bounded_photos(reversed(brought), most=20) == taken
    assert len(photo_set.bounded_photos(brought, most=20, most_bytes=55)) == 5
    assert not photo_set.bounded_photos([FolderPhoto("mine/cat/._a.jpg", b"1")])


def test_the_same_photos_in_other_folders_are_another_set(small: Network) -> None:
    names = {
        photo_set.read_photo_set([FolderPhoto(f"mine/{folder}/a.png", flat(9))], small).name
        for folder in ("cat", "cat", "dog")
    }
    assert len(names) == 2
