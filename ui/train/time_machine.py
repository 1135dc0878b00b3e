"""A closer look at a moment: maps, where all pictures lie, confusions, what was forgotten; and the film of it all."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import numpy as np
import streamlit as st
from PIL import Image

from cnn.array_types import Array, Pixels
from cnn.attribution.occlusion import occlusion_sensitivity
from cnn.metrics import localization
from cnn.metrics.calibration_error import reliability_bins
from cnn.metrics.confusion_matrix import Labels, count_confusions, most_confused_classes
from cnn.metrics.softmax import softmax
from cnn.progress import run_steps
from cnn.runs import embedding, frame_network, frames
from cnn.runs.embedding import Projection
from cnn.runs.frame_network import FrameNetwork
from cnn.runs.frames import FrameFigures
from cnn.runs.table import RunRow
from ui.components import reliability_diagram
from ui.components.confusion_matrix.confusion_matrix import render_confusion_matrix
from ui.components.download import download_button
from ui.components.image_row.image_row import RowImage, render_image_row
from ui.images import data_uri
from ui.resources import training
from ui.text.attribution import SMOOTH_PX
from ui.text.numbers import percent
from ui.train import run_pictures

FORGOTTEN: Final = 6  # pictures that are shown
FILM_FRAMES: Final = 40  # at most
CALIBRATION_BINS: Final = 10  # of 500 answers: fifteen would leave some of them all but empty


@dataclass(frozen=True, slots=True, eq=False)
class Moment:
    """One moment of a run, and what it is looked at with.

    Attributes:
        row: the run.
        figures: of all its frames.
        at: which of them it is.
        network: as it was then.
        classes: that it tells apart.
        key, title: of the input that it is examined on ...
        image: ... as the network sees it, float32 (height, width, channels).
    """

    row: RunRow
    figures: Sequence[FrameFigures]
    at: int
    network: FrameNetwork
    classes: tuple[str, ...]
    key: str
    title: str
    image: Array


def show_closer_look(moment: Moment) -> None:
    """Let a person choose what else of the moment is shown; it moves with the slider."""
    st.subheader("A closer look at this moment", anchor="closer")
    chosen = st.segmented_control(
        "A closer look", list(LOOKS), default=next(iter(LOOKS)), key="train look", label_visibility="collapsed"
    )
    if chosen:
        LOOKS[chosen](moment)


def _show_embedding(moment: Moment) -> None:
    """Show where the held-out pictures lie as the last layer sees them, and offer the film."""
    split = training.held_out(moment.row.id, moment.row.folder)
    shown = RowImage(
        _embedded_uri(moment, moment.figures[moment.at].step),
        f"{len(split.labels)} held-out pictures; those of a class lie together as far as the network tells them apart",
        f"{len(split.labels)} held-out pictures as its last layer sees them",
        "A colour a class. Near each other: alike to the network. The projection is fixed (principal components of the "
        "last moment), so pictures move and do not jump.",
    )
    render_image_row([shown], "Where the held-out pictures lie", "train embedding", wide=True)


def _show_film(moment: Moment) -> None:
    """Let the training play by itself, and offer it as a file."""
    st.video(_film_mp4(moment.row.id, len(moment.figures), moment), autoplay=True, loop=True, muted=True)
    st.caption("Left the kernels of the first layer, right the held-out pictures as its last layer sees them.")
    name = f"{moment.row.id}-film"
    with st.container(horizontal=True):
        download_button(
            "Download the film (MP4)",
            lambda: _film_mp4(moment.row.id, len(moment.figures), moment),
            f"{name}.mp4",
            key="train film mp4",
        )
        download_button(
            "Download the film (GIF)",
            lambda: run_pictures.film_gif(_film_frames(moment)),
            f"{name}.gif",
            key="train film gif",
        )


def _show_calibration(moment: Moment) -> None:
    """Show whether it is right as often as it is sure, on the held-out pictures; nothing calibrates a moment."""
    split = training.held_out(moment.row.id, moment.row.folder)
    shares = softmax(np.nan_to_num(moment.network.frame.logits))
    bins = reliability_bins(shares.max(1), shares.argmax(1) == split.labels, CALIBRATION_BINS)
    reliability_diagram.show_reliability_diagram("this moment", bins, "train calibration")


def _show_evidence(moment: Moment) -> None:
    """Show which parts of the input its answer needs at this moment, by covering each in turn."""
    entry = moment.network.graph.layers[0].name
    forward = moment.network.forward
    row, step = moment.row, moment.figures[moment.at].step
    label = int(np.nan_to_num(training.answer(row.id, step, moment.key, row.folder, moment.image)).argmax())
    heat = run_steps(
        occlusion_sensitivity(lambda images: np.nan_to_num(forward.logits({entry: images})), moment.image, label)
    )
    shown = RowImage(
        data_uri.network_input_uri(moment.image),
        f"{moment.title}, with the places clear that its answer needs",
        f"What makes it say {moment.classes[label]}",
        "Clear: covered there, the probability of its answer falls most (occlusion).",
        data_uri.evidence_uri(data_uri.input_pixels(moment.image), localization.upsample_heatmap(heat, SMOOTH_PX)),
    )
    render_image_row([shown], "Evidence", "train evidence", wide=True)


def _show_maps(moment: Moment) -> None:
    """Show the feature maps of a layer for the input."""
    layers = [layer.name for layer in moment.network.graph.layers[1:] if layer.has_maps]
    name = st.selectbox("Layer", layers, key=f"train layer {moment.row.settings.architecture}")
    maps = moment.network.forward.maps(moment.image[None])[name][0]  # (height, width, units)
    height, width, units = maps.shape
    shown = run_pictures.sheet_image(
        run_pictures.map_sheet(maps),
        f"{units} feature maps of {name}",
        f"What {name} makes of {moment.title}",
        f"{units} maps of {height}x{width}, on one scale.",
    )
    render_image_row([shown], "Feature maps", "train maps", wide=True)


def _show_confusion(moment: Moment) -> None:
    """Show which classes it takes for which."""
    split = training.held_out(moment.row.id, moment.row.folder)
    said = np.nan_to_num(moment.network.frame.logits).argmax(1)
    counts = count_confusions(split.labels, said, len(moment.classes))
    worst = most_confused_classes(counts, 1)
    asked = worst[0][:2] if worst else (0, 0)
    row, column = render_confusion_matrix(
        counts, moment.classes, asked, "Rows: what a picture shows. Columns: what it says.", "train confusion"
    )
    what = f"{counts[row, column]} of {counts[row].sum()} pictures of {moment.classes[row]} are read as"
    st.markdown(f"{what} **{moment.classes[column]}**.")


def _show_forgotten(moment: Moment) -> None:
    """Show the held-out pictures that were right and then wrong again most often."""
    split = training.held_out(moment.row.id, moment.row.folder)
    answers = _all_answers(moment.row.id, len(moment.figures), moment.row.folder)
    lost = frame_network.forgetting_events(answers, split.labels)
    most = np.argsort(-lost, kind="stable")[:FORGOTTEN]
    most = most[lost[most] > 0]
    never = int((lost == 0)[(answers[-1] == split.labels)].sum())
    st.markdown(
        f"{percent(never / len(split.labels))} of the held-out pictures were learned once and never forgotten. "
        "Below, those that were right and then wrong again most often, with what is said of them at this moment."
    )
    if not len(most):
        return
    now = answers[min(moment.at, len(answers) - 1)]
    pictures = [
        RowImage(
            data_uri.color_png_uri(split.images[at]),
            f"a picture of {moment.classes[split.labels[at]]}",
            f"{moment.classes[split.labels[at]]}, now read as {moment.classes[now[at]]}",
            f"forgotten {lost[at]} times" if lost[at] > 1 else "forgotten once",
        )
        for at in most
    ]
    render_image_row(pictures, "Pictures that were forgotten", "train forgotten")


def _show_side_by_side(moment: Moment) -> None:
    """Show another moment beside this one: what each says, its kernels, where the pictures lie."""
    places, row = range(len(moment.figures)), moment.row
    other = st.select_slider(
        "The other moment", places, 0, lambda at: f"step {moment.figures[at].step:,}", key=f"train other {row.id}"
    )
    pair = [moment.figures[other], moment.figures[moment.at]]
    for one in pair:
        found = training.answer(row.id, one.step, moment.key, row.folder, moment.image)
        best = int(np.nan_to_num(found).argmax())
        st.markdown(
            f"Step {one.step:,}: {percent(one.held_out_accuracy)} of new pictures right; {moment.title} is read as "
            f"**{moment.classes[best]}**, {percent(float(np.nan_to_num(found[best])))} sure."
        )
    kernels = [
        run_pictures.sheet_image(
            run_pictures.kernel_sheet(training.moment(row.id, one.step, row.folder).first_kernels),
            f"The kernels of the first layer after step {one.step:,}",
            f"Kernels, step {one.step:,}",
        )
        for one in pair
    ]
    lie = [
        RowImage(
            _embedded_uri(moment, one.step),
            f"The held-out pictures after step {one.step:,}, alike ones together",
            f"Pictures, step {one.step:,}",
        )
        for one in pair
    ]
    render_image_row([*kernels, *lie], "Two moments side by side", "train pair", wide=True)


LOOKS: Final[Mapping[str, Callable[[Moment], None]]] = {
    "All pictures": _show_embedding,
    "Feature maps": _show_maps,
    "Evidence": _show_evidence,
    "Confusion matrix": _show_confusion,
    "Calibration": _show_calibration,
    "Forgotten": _show_forgotten,
    "Side by side": _show_side_by_side,
    "Film": _show_film,
}


@st.cache_resource(max_entries=16, show_spinner=False)
def _all_answers(run: str, count: int, _folder: Path) -> Labels:
    """Read what was answered in each of `count` frames: int64 (frames, pictures)."""
    steps = frames.steps_with_frames(_folder)[:count]
    return np.stack([np.nan_to_num(frames.read_logits(_folder, step)).argmax(1) for step in steps])


@st.cache_resource(max_entries=16, show_spinner=False)
def _projection(run: str, step: int, _folder: Path) -> Projection:
    """Fit the projection to the last moment of a run."""
    return embedding.fit_projection(training.moment(run, step, _folder).frame.features)


def _embedded_uri(moment: Moment, step: int) -> str:
    """Draw where the pictures lie; kept, for a slider goes to and fro."""
    return _kept_embedding(moment.row.id, moment.figures[-1].step, step, moment)


@st.cache_resource(max_entries=96, show_spinner=False)  # 50 kB each
def _kept_embedding(run: str, last: int, step: int, _moment: Moment) -> str:
    return data_uri.color_png_uri(_embedded(_moment, step))


def _embedded(moment: Moment, step: int) -> Pixels:
    row = moment.row
    split = training.held_out(row.id, row.folder)
    project = _projection(row.id, moment.figures[-1].step, row.folder)
    features = training.moment(row.id, step, row.folder).frame.features
    return run_pictures.embedding_picture(project(features), split.images, split.labels)


@st.cache_data(max_entries=4, show_spinner="Drawing the film")
def _film_mp4(run: str, count: int, _moment: Moment) -> bytes:
    """Join the film of a run that has `count` frames."""
    return run_pictures.film_mp4(_film_frames(_moment))


def _film_frames(moment: Moment) -> list[Image.Image]:
    """Draw every moment, of long runs every second or third."""
    row, every = moment.row, -(-len(moment.figures) // FILM_FRAMES)
    chosen = [*moment.figures[:-1:every], moment.figures[-1]]
    return [
        run_pictures.film_frame(
            training.moment(row.id, one.step, row.folder).first_kernels,
            _embedded(moment, one.step),
            f"step {one.step:,}   epoch {one.epoch:.2f}   {percent(one.held_out_accuracy)} of new pictures right",
        )
        for one in chosen
    ]
