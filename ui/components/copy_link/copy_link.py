"""Copies the address of what one sees; and the browser's Back leads to the page before."""

from __future__ import annotations

from collections.abc import Sequence

from ui.components import register

_component = register.register_component(__file__)


def render_copy_link(
    own: Sequence[str], parts: Sequence[tuple[str, str]], local: str, kept: Sequence[str] = ()
) -> None:
    """Show the button.

    Args:
        own: beginnings of what in the address names something that it cannot carry.
        parts: of the address that may name such a thing, and what is said where one does.
        local: what is said where the app is served to this machine alone.
        kept: parts of the address that are this person's alone: they are left out of the copy.
    """
    _component(
        key="copy link",
        data={"own": tuple(own), "parts": tuple(parts), "local": local, "kept": tuple(kept)},
        width="content",
    )
