"""ImageNet's names: a thousand, told apart, in the order of the networks' answers."""

import re

import pytest

from cnn import zoo
from cnn.datasets import imagenet_labels

LABELS = imagenet_labels.imagenet_labels()
NAMES = [label.name for label in LABELS]


def test_there_are_a_thousand() -> None:
    assert len(LABELS) == 1000


def test_no_two_classes_have_the_same_name() -> None:
    assert len({name.casefold() for name in NAMES}) == 1000


def test_every_class_is_a_synset_of_its_own() -> None:
    assert all(re.fullmatch(r"n\d{8}", label.synset) for label in LABELS)
    assert len({label.synset for label in LABELS}) == 1000


def test_labels_are_in_the_order_of_their_synsets() -> None:
    """ILSVRC 2012 numbers its classes that way, and the networks learned them so."""
    synsets = [label.synset for label in LABELS]
    assert synsets == sorted(synsets)


def test_names_are_for_people() -> None:
    for label in LABELS:
        assert label.name == label.name.strip() != ""
        assert "_" not in label.name
        assert label.synonyms
        assert all(synonym == synonym.strip() != "" for synonym in label.synonyms)


@pytest.mark.parametrize(
    ("number", "name", "synset"),
    [
        (0, "tench", "n01440764"),
        (134, "crane (bird)", "n02012849"),
        (207, "Golden Retriever", "n02099601"),
        (281, "tabby cat", "n02123045"),
        (285, "Egyptian Mau", "n02124075"),
        (517, "crane (machine)", "n03126707"),
        (872, "tripod", "n04485082"),
        (967, "espresso", "n07920052"),
        (999, "toilet paper", "n15075141"),
    ],
)
def test_a_well_known_class_is_at_its_number(number: int, name: str, synset: str) -> None:
    assert (LABELS[number].name, LABELS[number].synset) == (name, synset)


def test_the_shipped_network_answers_with_these_names() -> None:
    assert zoo.read_card("imagenet/efficientnet_lite0").classes == tuple(NAMES)
