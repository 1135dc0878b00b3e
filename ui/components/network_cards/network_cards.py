"""Networks side by side on one input: what each was shown, what it answers, where it looked, on one scale."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass

from ui.components import register

_component = register.register_component(__file__, shared=("bars", "stage"))


@dataclass(frozen=True, slots=True)
class NetworkAnswerCard:
    """One network.

    Attributes:
        network: such as "mnist/resnet"; unique in the line-up.
        title: what people call it.
        photo: its exact input, as a data URI ...
        alt: ... and what that shows.
        label: its answer, in plain words.
        share: how sure it is, in [0, 1] ...
        value: ... and the same in words.
        known: False where the input is unlike anything it learned.
        caption: where the evidence lies, or why there is none yet.
        heat: the evidence in colour, as a data URI; "" while there is none.
    """

    network: str
    title: str
    photo: str
    alt: str
    label: str
    share: float
    value: str
    known: bool
    caption: str
    heat: str = ""


def render_network_cards(
    cards: Sequence[NetworkAnswerCard], agreement: str, ramp: str, key: str, *, dense: bool = False
) -> None:
    """Show them; the opacity of the evidence stays in the browser and costs no message.

    Args:
        cards: at least one.
        agreement: who says the same, in one line.
        ramp: the scale of the evidence's colours, as a data URI; "" while there is no evidence.
        key: of the component, unique on the page.
        dense: on a phone a card's picture is small and stands beside the answer.
    """
    data = {"cards": tuple(map(asdict, cards)), "agreement": agreement, "ramp": ramp, "dense": dense}
    _component(key=key, data=data)
