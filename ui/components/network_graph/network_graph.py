"""A whole network from left to right, one of whose layers is chosen, by mouse, finger or arrow keys."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from ui.components import register
from ui.components.choice import follow_choice

_component = register.register_component(__file__, shared=("keys", "turns"))


@dataclass(frozen=True, slots=True)
class NetworkDrawing:
    """A network laid out for the front end: tuples and dicts of names, numbers and texts.

    Attributes:
        network: such as "mnist/resnet".
        names: of its layers, in their order.
        blocks: one a box of the drawing.
        arcs: shortcuts, each from one block to another, by their places in `blocks`, and how high it passes.
    """

    network: str
    names: tuple[str, ...]
    blocks: tuple[dict[str, Any], ...]
    arcs: tuple[tuple[int, int, int], ...]


def render_network_graph(drawing: NetworkDrawing, asked: str, key: str) -> str:
    """Show a network and return the name of the chosen layer.

    Args:
        drawing: of the network.
        asked: the layer that is chosen at first, and whenever this changes.
        key: of the component, unique on the page; the choice stays in the session under it.
    """
    kept = follow_choice(key, "chosen", asked, drawing.names)
    data = {
        "network": drawing.network,
        "chosen": kept.value,
        "turn": kept.turn,
        "blocks": drawing.blocks,
        "arcs": drawing.arcs,
    }
    _component(key=key, data=data, on_chosen_change=lambda: None)
    return kept.value
