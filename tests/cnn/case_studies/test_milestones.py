"""The facts: complete, in order, and in agreement with what is computed."""

from __future__ import annotations

import re

import pytest

from cnn.architectures import ARCHITECTURES
from cnn.case_studies import architecture_table
from cnn.case_studies.milestones import DATA_SET_STORIES, MILESTONES
from cnn.case_studies.paper_networks import PAPER_TABLES

EVERY = pytest.mark.parametrize("name", MILESTONES)
UNITS = {"million": 1e6, "billion": 1e9}


def number(text: str) -> float:
    """Read the first number of a text, such as 724 million."""
    found = re.match(r"([\d,.]+)(?: (million|billion))?", text)
    assert found
    return float(found[1].replace(",", "")) * UNITS.get(found[2], 1)


@EVERY
def test_published_costs_are_those_of_the_rows(name: str) -> None:
    rows = PAPER_TABLES[name]()
    assert architecture_table.total_parameters(rows) == pytest.approx(number(MILESTONES[name].parameters), rel=0.02)
    assert architecture_table.total_multiply_adds(rows) == pytest.approx(
        number(MILESTONES[name].multiply_adds), rel=0.06
    )


@EVERY
def test_years_and_papers_are_those_of_the_architectures(name: str) -> None:
    one, ours = MILESTONES[name], ARCHITECTURES[name]
    assert one.year == ours.year
    link = one.link.removeprefix("https://doi.org/").removeprefix("https://arxiv.org/abs/")
    assert link in ours.paper
    for author in re.findall(r"\w+", ours.paper.split(":")[0].replace("et al.", "")):
        assert author in one.people


def test_they_stand_in_the_order_of_their_years() -> None:
    years = [one.year for one in MILESTONES.values()]
    assert years == sorted(years)
    assert MILESTONES.keys() == {name for name in ARCHITECTURES if name != "plain"}


@EVERY
def test_every_name_is_said_in_letters_and_in_phonetics(name: str) -> None:
    one = MILESTONES[name]
    assert one.said
    assert one.said[0].name in one.title
    assert all(re.fullmatch(r"[A-Za-z -]+", word.plain) and re.fullmatch(r"/.+/", word.ipa) for word in one.said)


WRONG = {  # %, five guesses: of the networks that won together, and of one alone; from the papers
    "alexnet": ("15.3", 18.2),
    "vgg": ("7.3", 7.0),
    "inception": ("6.67", 10.07),
    "resnet": ("3.57", 6.71),
}


@pytest.mark.parametrize("name", WRONG)
def test_beside_one_networks_cost_stands_one_networks_accuracy(name: str) -> None:
    """Several networks together won each challenge: what they had right is not what one costs."""
    one, (together, alone) = MILESTONES[name], WRONG[name]
    assert f"{together} %" in one.won
    assert "networks together" in one.won
    assert "one network" in one.right
    assert number(one.right) == pytest.approx(100 - alone)


def test_what_is_often_told_wrongly_is_put_right() -> None:
    assert "image classification" in MILESTONES["alexnet"].won
    assert "not object detection" in MILESTONES["alexnet"].corrected
    assert "Inception v1" in MILESTONES["inception"].corrected
    assert "December 2015" in MILESTONES["inception"].corrected
    assert "what to add to its input" in MILESTONES["resnet"].corrected
    cifar = next(one for one in DATA_SET_STORIES if "CIFAR-100" in one.title)
    assert cifar.people == "Alex Krizhevsky, Vinod Nair, Geoffrey Hinton"
