"""The forward pass, played: layer after layer lights up, from the pixels to the bars of the answer."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass

from ui.components import register

_component = register.register_component(__file__, shared=("keys", "bars"))


@dataclass(frozen=True, slots=True)
class PassFrame:
    """One layer of the pass.

    Attributes:
        title: such as "conv1_1, 28x28x32".
        text: what happens there, in a sentence or two.
        sheet: the maps that are shown, as one picture, a data URI; the input itself for the first frame.
        shape: height, width and number of the maps in the sheet.
        across: how many of them stand side by side in the sheet.
    """

    title: str
    text: str
    sheet: str
    shape: tuple[int, int, int]
    across: int


@dataclass(frozen=True, slots=True)
class PassAnswer:
    """One bar of the answer: a class, its share in [0, 1], and the share in words."""

    name: str
    share: float
    value: str


def render_forward_pass(frames: Sequence[PassFrame], answers: Sequence[PassAnswer], said: str, key: str) -> None:
    """Show a strip of all layers and a button that plays them; everything moves in the browser.

    Args:
        frames: from the input to the last layer; at least one.
        answers: the bars at the end.
        said: the answer in words.
        key: of the component, unique on the page.
    """
    data = {"frames": tuple(map(asdict, frames)), "answers": tuple(map(asdict, answers)), "said": said}
    _component(key=key, data=data)
