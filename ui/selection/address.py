"""Choices in the address, so that a link reproduces them; and what no address carries, told where a link lacks it."""

from __future__ import annotations

import re
from typing import Final

import streamlit as st

INPUT: Final = "input"  # such as `?input=sample-7` or `?input=cat`
OWN: Final = "own-"  # begins the name of what stays on the machine that it was brought to
SEAT: Final = ("teacher", "phone")  # who one is in a class: in one's own address, never in a link
LAYER: Final = "layer"
UNIT: Final = "unit"
ROW: Final = "y"
COLUMN: Final = "x"


def keep_in_address(name: str, value: str) -> None:
    """Write a choice into the address, the first one too: what is chosen at first may be another in a later version."""
    if st.query_params.get(name) != value:
        st.query_params[name] = value


def drop_from_address(*names: str) -> None:
    """Take choices out of the address, as far as they are there."""
    for name in names:
        st.query_params.pop(name, None)


def sample_name(title: str) -> str:
    """Name a sample in the address by its title, such as "cat-then-coffee"."""
    return "-".join(re.findall(r"\w+", title.lower()))


def own_name(key: str) -> str:
    """Name in the address what it cannot carry: found again where it is at hand, one's own elsewhere."""
    return f"{OWN}{key[:12]}"


def tell_not_carried(what: str) -> None:
    """Say that a link names something of a person's own that is not here."""
    st.info(
        f"This link was made with {what} that it does not carry: a person's own pictures stay on the machine that they "
        "were brought to. Shown instead: a sample."
    )
