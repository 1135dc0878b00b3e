"""Pictures in a row, each with a title and a line of words; nothing to choose."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass

from ui.components import register

_component = register.register_component(__file__, shared=("stage",))


@dataclass(frozen=True, slots=True)
class RowImage:
    """One picture.

    Attributes:
        source: a data URI.
        alt: what it shows, for who cannot see it.
        title: above it.
        note: below it.
        over: what is laid on top, a data URI; "" without.
        ratio: its width by its height.
    """

    source: str
    alt: str
    title: str
    note: str = ""
    over: str = ""
    ratio: float = 1.0


def render_image_row(pictures: Sequence[RowImage], label: str, key: str, wide: bool = False) -> None:
    """Show them in a row that wraps.

    Args:
        pictures: at least one.
        label: names the row for screen readers.
        key: of the component, unique on the page.
        wide: they are large, for one or two.
    """
    _component(key=key, data={"pictures": tuple(asdict(one) for one in pictures), "label": label, "wide": wide})
