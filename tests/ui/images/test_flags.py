"""Flags: one for each country of the history, each a picture that a browser reads."""

from __future__ import annotations

import base64
from xml.etree import ElementTree

import pytest

from cnn.case_studies.milestones import MILESTONES
from ui.images import flags


def test_every_country_has_one() -> None:
    assert {one.place.code for one in MILESTONES.values()} == flags.FLAGS.keys()


@pytest.mark.parametrize("code", flags.FLAGS)
def test_a_flag_is_a_drawing(code: str) -> None:
    kind, _, data = flags.flag_uri(code).partition(",")
    root = ElementTree.fromstring(base64.b64decode(data))
    assert kind == "data:image/svg+xml;base64"
    assert root.tag == "{http://www.w3.org/2000/svg}svg"
    assert len(root) >= 2


def test_no_two_are_alike() -> None:
    assert len({flags.flag_uri(code) for code in flags.FLAGS}) == len(flags.FLAGS)
