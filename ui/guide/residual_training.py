"""What shortcuts changed in our own trainings: two of 56 layers, how they went, and the shipped twins of 20."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

import streamlit as st

from cnn.case_studies import residual_runs
from cnn.case_studies.residual_runs import RESIDUAL_RUN_NAMES, FloatSeries, ResidualRun
from cnn.errors import BrokenNetwork
from ui.components.plot.plot import Plot, PlotAxis, PlotLine, render_plot
from ui.resources import network_cache
from ui.selection.network_picker import NETWORKS

TWINS: Final = ("cifar10/resnet", "cifar10/plain")  # 20 layers, with and without


def show_residual_training(key: str) -> None:
    """Show our two trainings, where they came with this copy."""
    try:
        found = residual_runs.read_residual_runs()
    except BrokenNetwork as error:
        st.warning(str(error))
        return
    if found is None:
        return
    st.subheader("56 layers, trained on CIFAR-10", anchor="trained")
    st.markdown(training_sentence(found))
    loss, share = st.columns(2, gap="large")
    with loss:
        render_plot(_loss(found), f"{key}:loss")
    with share:
        render_plot(_accuracy(found), f"{key}:accuracy")
    lengths = {name: one.before for name, one in found.items()}, {name: one.after for name, one in found.items()}
    before, after = st.columns(2, gap="large")
    with before:
        render_plot(_gradients("The gradient of each convolution, untrained", lengths[0]), f"{key}:before")
    with after:
        render_plot(_gradients("The gradient of each convolution, trained", lengths[1]), f"{key}:after")
    if said := twins_sentence():
        st.markdown(said)
        address = {NETWORKS: ",".join(TWINS)}
        st.page_link("pages/compare.py", label=":primary[Compare the two]", query_params=address)


def training_sentence(found: Mapping[str, ResidualRun]) -> str:
    """Say in a sentence how they ended."""
    last = {name: one.validation[-1] for name, one in found.items()}
    ends = (
        f"**{RESIDUAL_RUN_NAMES[name]}** {share * 100:.1f} % after {step:,.0f} steps"
        for name, (step, share) in last.items()
    )
    pictures = next(iter(found.values())).pictures
    minutes = sum(one.seconds for one in found.values()) / len(found) / 60
    return (
        f"The same layers, the same pictures in the same order, {pictures} a step; only the shortcuts differ. "
        f"Accuracy on held-out pictures: {', '.join(ends)}. Our own runs, one of each, stopped after {minutes:.0f} "
        "minutes on two cores, before either was done: they show that the plain stack learns more slowly, not why, "
        "nor where either would end."
    )


def twins_sentence() -> str:
    """Say in a sentence how the twins of 20 layers differ; "" where one of them is not here."""
    if not set(TWINS) <= set(network_cache.available_network_names("cifar10")):
        return ""
    residual, plain = (network_cache.cached_card(name) for name in TWINS)
    return (
        f"At 20 layers they matter less: of CIFAR-10's test pictures **{residual.title}** reads "
        f"{residual.accuracy * 100:.1f} %, **{plain.title}**, its twin without shortcuts, {plain.accuracy * 100:.1f} %."
    )


def _loss(found: Mapping[str, ResidualRun]) -> Plot:
    curves = tuple(PlotLine(RESIDUAL_RUN_NAMES[name], one.steps, one.loss) for name, one in found.items())
    said = "The lower the better, on the pictures it learns from."
    return Plot(PlotAxis("step"), PlotAxis("loss", "zero"), "Loss while it learns", said, lines=curves)


def _accuracy(found: Mapping[str, ResidualRun]) -> Plot:
    curves = [PlotLine(RESIDUAL_RUN_NAMES[name], one.steps, one.accuracy) for name, one in found.items()]
    for hue, (name, one) in enumerate(found.items()):
        steps, shares = (tuple(point[column] for point in one.validation) for column in (0, 1))
        curves.append(PlotLine(f"{RESIDUAL_RUN_NAMES[name]}, held out", steps, shares, True, hue))
    said = "Solid: on the pictures it learns from. Dashed: on pictures it never saw."
    return Plot(PlotAxis("step"), PlotAxis("accuracy", "share", "percent"), "Accuracy", said, lines=tuple(curves))


def _gradients(title: str, lengths: Mapping[str, FloatSeries]) -> Plot:
    curves = tuple(PlotLine(RESIDUAL_RUN_NAMES[name], range(1, len(one) + 1), one) for name, one in lengths.items())
    said = "Its length, from the first convolution to the last."
    return Plot(PlotAxis("convolution"), PlotAxis("length of the gradient", "powers"), title, said, lines=curves)
