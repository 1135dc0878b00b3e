"""Two more tests of the evidence: do the methods agree, and does it need what the network learned?"""

from __future__ import annotations

from functools import partial

import numpy as np
import numpy.typing as npt
import streamlit as st

from cnn.attribution.faithfulness import rank_correlation_matrix
from cnn.attribution.methods import ATTRIBUTION_METHODS
from cnn.attribution.results import RandomizationResult
from ui.components.download import download_button
from ui.components.image_row.image_row import RowImage, render_image_row
from ui.images import data_uri, evidence_veil, figure_png
from ui.inspect.evidence_heatmaps import SCALE, HeatmapResults, enlarge_heatmap
from ui.inspect.evidence_state import ClassReason
from ui.resources import attributions, cancellable_task
from ui.resources.cancellable_task import CancellableTask
from ui.text.markdown import markdown_table

LITTLE, MUCH = 0.3, 0.6  # rank correlations, in words


def show_method_agreement(found: HeatmapResults) -> None:
    """Show how far the methods agree, as a small table and in words."""
    maps = found.maps
    if len(maps) < 2:
        st.markdown("Choose a second method above to see how far the two agree.")
        return
    matrix = rank_correlation_matrix(list(maps.values()), found.reason.subject.image.shape[:2])
    titles = [ATTRIBUTION_METHODS[name].title for name in maps]
    st.markdown(method_agreement_sentence(matrix, titles))
    rows = [[title, *(f"{value:.2f}" for value in row)] for title, row in zip(titles, matrix, strict=True)]
    st.markdown(markdown_table([["Rank correlation", *titles], *rows]))


def method_agreement_sentence(matrix: npt.NDArray[np.float64], titles: list[str]) -> str:
    """Say how far they agree, and which two agree least."""
    pairs = [(matrix[i, j], i, j) for i in range(len(titles)) for j in range(i)]
    mean, least = float(np.mean([value for value, *_ in pairs])), min(pairs)
    said = "hardly agree" if mean < LITTLE else "agree in part" if mean < MUCH else "agree"
    words = f"The methods {said}: {mean:.2f} on average, where 1 is the same order of all places and 0 is none."
    if len(pairs) > 1:
        words += f" Least alike are {titles[least[2]]} and {titles[least[1]]}, {least[0]:.2f}."
    return words


def show_weight_randomization(reason: ClassReason, key: str) -> None:
    """Offer to shuffle the weights of a copy, and show what is left of the map."""
    method = reason.methods[0]
    if len(reason.methods) > 1:
        method = st.selectbox(
            "Method to test",
            reason.methods,
            format_func=lambda name: ATTRIBUTION_METHODS[name].title,
            key=f"{key} method",
        )
    name, subject = reason.card.name, reason.subject
    asked = name, subject.key, reason.label, method, subject.image, reason.folder
    task = CancellableTask(
        f"Shuffle the weights and look again with {ATTRIBUTION_METHODS[method].title}",
        f"Shuffling a copy of {reason.card.title}, layer by layer.",
        partial(attributions.randomization_future, *asked),
        partial(attributions.randomization_future.leave, *asked),
        partial(attributions.randomization_future.retry, *asked),
        f"{key}:{name}:{subject.key}:{reason.label}:{method}",
    )
    cancellable_task.run_section(task, partial(_left, reason, method, key))


def _left(reason: ClassReason, method: str, key: str, found: RandomizationResult) -> None:
    """Show the maps, stage by stage."""
    st.markdown(randomization_sentence(found, ATTRIBUTION_METHODS[method].title))
    detail = ATTRIBUTION_METHODS[method].detail
    tiles = [
        RowImage(
            reason.picture,
            f"{title}, rank correlation {rank:.2f}",
            title,
            f"ranks {rank:.2f}, SSIM {alike:.2f}",
            data_uri.evidence_uri(reason.pixels, enlarge_heatmap(values, detail)),
        )
        for title, values, rank, alike in zip(_titles(found), found.maps, found.ranks, found.similarity, strict=True)
    ]
    render_image_row(tiles, "Maps while the weights are shuffled", f"{key}:strip")
    panels = [
        figure_png.FigurePanel(title, reason.pixels, evidence_veil.veil(reason.pixels, enlarge_heatmap(values, detail)))
        for title, values in zip(_titles(found), found.maps, strict=True)
    ]
    title = ATTRIBUTION_METHODS[method].title
    caption = f"{title} for {reason.name}, weights shuffled from the last layer down: {reason.said}."
    download_button(
        "Download PNG", partial(figure_png.figure_png, panels, caption, SCALE), "shuffled.png", key=f"{key} keep"
    )


def _titles(found: RandomizationResult) -> list[str]:
    return ["as trained", *(f"down to {layer}" for layer in found.layers[1:])]


def randomization_sentence(found: RandomizationResult, title: str) -> str:
    """Say what is left when everything is shuffled."""
    rank, alike = found.ranks[-1], found.similarity[-1]
    numbers = f"With all weights shuffled, ranks still correlate by {rank:.2f} and the maps look alike by {alike:.2f}"
    if rank > MUCH:
        return f"{numbers}: {title} shows mostly the picture itself here, not what the network learned. Be wary."
    if rank > LITTLE:
        return f"{numbers}: a part of what {title} shows is the picture itself, not what the network learned."
    return f"{numbers}: {title} needs what the network learned, as it should."
