"""The x-ray: each step of the preprocessing as a picture with a switch.

A page asks `steps_off` before it computes, then shows what came of it with `render_preprocessing_steps`.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Final

import streamlit as st

from ui.components import register
from ui.components.choice import KeptChoice, last_message, take_newest

MOST_STEPS: Final = 64  # that a message may name; there are fewer than ten

_component = register.register_component(__file__, shared=("turns",))


@dataclass(frozen=True, slots=True)
class StepPanel:
    """One step.

    Attributes:
        step: its name, unique among the panels.
        title: one or two words.
        text: one short line.
        picture: what it made, from `ui.images.data_uri.gray_png_uri`; "" while nothing is drawn.
        on: the step ran.
        fixed: it has no switch, such as the input and what the network sees.
    """

    step: str
    title: str
    text: str
    picture: str
    on: bool = True
    fixed: bool = False

    @property
    def alt(self) -> str:
        """Describe the picture to who cannot see it."""
        if not self.picture:
            return f"{self.title}: nothing drawn yet"
        return f"{self.title}: the ink {'at' if self.fixed else 'after' if self.on else 'without'} this step"


def steps_off(key: str, steps: Collection[str]) -> frozenset[str]:
    """List which of `steps` are switched off now, this click of the person included.

    Args:
        key: the one that `render_preprocessing_steps` gets; the switches stay in the session under it.
        steps: the names that have a switch; any other that the browser sends is dropped.
    """
    return _switches(key, steps).value.intersection(steps)


def render_preprocessing_steps(panels: Sequence[StepPanel], verdict: str, key: str) -> frozenset[str]:
    """Show the steps in order; the last panel is drawn large, as what the network sees.

    Args:
        panels: at least one; `on` as `steps_off` told it.
        verdict: one line, such as "ResNet-20 reads 7, 99 %"; "" while nothing is drawn.
        key: of the component, unique on the page.
    Returns: the steps that are switched off.
    """
    steps = [panel.step for panel in panels if not panel.fixed]
    kept = _switches(key, steps)
    data = {
        "panels": tuple(map(_panel, panels)),  # no list: see ui/components/drawing_canvas/drawing_canvas.py
        "verdict": verdict,
        "turn": kept.turn,
    }
    _component(key=key, data=data, on_off_change=lambda: None)
    return kept.value.intersection(steps)


def _panel(panel: StepPanel) -> dict[str, object]:
    return {name: getattr(panel, name) for name in (*StepPanel.__slots__, "alt")}


def _switches(key: str, steps: Collection[str]) -> KeptChoice[frozenset[str]]:
    kept: KeptChoice[frozenset[str]] = st.session_state.get(f"{key}:off", KeptChoice(frozenset()))
    kept = take_newest(kept, last_message(key, "off"), lambda value: parse_steps_off(value, steps))
    st.session_state[f"{key}:off"] = kept
    return kept


def parse_steps_off(value: object, steps: Collection[str]) -> frozenset[str] | None:
    """Read the browser's list of steps that are off: those of `steps`; None where it is no such list."""
    if not isinstance(value, list) or len(value) > MOST_STEPS:
        return None
    return frozenset(step for step in value if isinstance(step, str) and step in steps)
