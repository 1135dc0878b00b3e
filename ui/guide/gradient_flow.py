"""What a shortcut is for: gradients through a stack of a depth that one chooses, live."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

import streamlit as st

from cnn.case_studies import gradient_flow
from cnn.case_studies.gradient_flow import GradientFlow
from cnn.case_studies.residual_runs import RESIDUAL_RUN_NAMES
from ui.components.plot.plot import Plot, PlotAxis, PlotLine, render_plot

MOST_BLOCKS: Final = 50
FIRST_BLOCKS: Final = 27  # the depth of ResNet-56, which we trained
BEGINNINGS: Final = {True: "as ResNet begins: batch normalisation", False: "as before: small weights, nothing else"}
PLAIN, SHORTCUT = RESIDUAL_RUN_NAMES.values()
MEANING: Final = (
    "*Residual* means *what is left over*: a block does not make its output anew, it only learns **what to add to its "
    "input**, `output = input + change`. So a block that has nothing to say can say nothing. Why a deep stack without "
    "shortcuts trains badly is not settled: He and others found its gradients healthy, thanks to batch normalisation, "
    "and hold vanishing gradients an unlikely cause; Balduzzi and others found that they turn to noise. Choose how "
    "deep an **untrained** stack is, and see what becomes of its gradient."
)


def show_gradient_flow(key: str) -> None:
    """Let a person choose a depth and a beginning, and show what becomes of the gradient."""
    choose, how = st.columns([3, 2], gap="large")
    with choose:
        blocks = st.slider("Blocks of two layers", 1, MOST_BLOCKS, FIRST_BLOCKS, key=f"{key}:blocks")
    with how:
        normalised = st.radio(
            "How the weights begin", list(BEGINNINGS), format_func=BEGINNINGS.__getitem__, key=f"{key}:how"
        )
    seed = st.session_state.get(f"{key}:seed", 1)
    fates = {
        PLAIN: cached_gradient_flow(blocks, False, normalised, seed),
        SHORTCUT: cached_gradient_flow(blocks, True, normalised, seed),
    }
    st.markdown(gradient_sentence(fates, blocks))
    left, right = st.columns(2, gap="large")
    with left:
        render_plot(_strengths(fates, blocks), f"{key}:strengths")
    with right:
        for name, one in fates.items():
            render_plot(_slopes(name, one), f"{key}:slopes {name}")
    st.button("Other random weights", key=f"{key}:again", on_click=_again, args=(key,))
    st.caption(
        "Random networks of 64 units a layer, untrained, worked out as you move the slider. "
        "After Balduzzi et al. 2017, arXiv:1702.08591."
    )


def _again(key: str) -> None:
    st.session_state[f"{key}:seed"] = st.session_state.get(f"{key}:seed", 1) + 1


@st.cache_data(max_entries=256, show_spinner=False)
def cached_gradient_flow(blocks: int, shortcuts: bool, normalised: bool, seed: int) -> GradientFlow:
    """Follow a gradient once for all sessions; nobody changes the answer."""
    return gradient_flow.measure_gradient_flow(blocks, shortcuts, normalised, seed)


def gradient_sentence(fates: Mapping[str, GradientFlow], blocks: int) -> str:
    """Say what arrives at the input, in Markdown."""
    plain, shortcut = (change_text(float(fates[name].strengths[-1])) for name in (PLAIN, SHORTCUT))
    return (
        f"On its way back through {blocks * gradient_flow.LAYERS} layers the gradient becomes {plain} "
        f"**without shortcuts**, and {shortcut} **with** them. That is the state before the first step of training; a "
        "trained stack is another matter."
    )


def change_text(times: float) -> str:
    """Say how much stronger or weaker something became."""
    amount, word = (times, "stronger") if times >= 1 else (1 / max(times, 1e-300), "weaker")
    if amount < 1.05:
        return "neither stronger nor weaker"
    return f"{_words(amount)} times {word}"


def _words(amount: float) -> str:
    for size, word in ((1e15, "million billion"), (1e12, "thousand billion"), (1e9, "billion"), (1e6, "million")):
        if amount >= size:
            return f"{amount / size:,.2g} {word}" if amount < 100 * size else f"{amount / size:,.0f} {word}"
    if amount >= 1000:
        return f"{float(f'{amount:.2g}'):,.0f}"
    return f"{amount:,.0f}" if amount >= 10 else f"{amount:.1f}"


def _strengths(fates: Mapping[str, GradientFlow], blocks: int) -> Plot:
    return Plot(
        PlotAxis("block"),
        PlotAxis("strength", "powers"),
        "How strong the gradient is in front of each block",
        "1 behind the last block; it travels from right to left. A straight slope here is growth or decay by the same "
        "factor in every block.",
        lines=tuple(PlotLine(name, range(blocks + 1), tuple(one.strengths[::-1])) for name, one in fates.items()),
        from_left=True,
    )


def _slopes(name: str, one: GradientFlow) -> Plot:
    walk, slopes = tuple(gradient_flow.input_walk()), tuple(one.slopes / (abs(one.slopes).max() or 1))
    return Plot(
        PlotAxis("place on the walk"),
        PlotAxis("gradient, of the largest", "zero"),
        f"What the input is told, {name}",
        "A step hardly changes the input. So alike are the gradients of neighbouring steps: "
        f"{max(one.alike, 0) * 100:.0f} %.",
        lines=(PlotLine(name, walk, slopes, hue=list(RESIDUAL_RUN_NAMES.values()).index(name)),),
        tall=120,
    )
