"""Choices in the address, so that a link reproduces them."""

from __future__ import annotations

from typing import Final

import streamlit as st

LAYER: Final = "layer"
UNIT: Final = "unit"
ROW: Final = "y"
COLUMN: Final = "x"


def keep_in_address(name: str, value: str, at_first: str | None = None) -> None:
    """Write a choice into the address.

    Args:
        name: of the parameter.
        value: of the choice.
        at_first: what is chosen where the address says nothing: it need not say so. None: it always speaks.
    """
    if name not in st.query_params and value == at_first:
        return
    if st.query_params.get(name) != value:
        st.query_params[name] = value


def drop_from_address(*names: str) -> None:
    """Take choices out of the address, as far as they are there."""
    for name in names:
        st.query_params.pop(name, None)
