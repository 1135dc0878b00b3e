"""Pictures of a round, a few at a time; under a chosen one, what each network made of it."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt
import streamlit as st
from PIL import Image

from cnn.array_types import Pixels
from cnn.evaluation.photo_set import PhotoSet
from ui.compare import side_by_side
from ui.compare.dataset_results import DatasetRun
from ui.components.sample_wall import sample_wall
from ui.components.sample_wall.sample_wall import TileLine, WallTile
from ui.images import data_uri
from ui.resources import photos
from ui.selection.input_picker import ChosenInput
from ui.text.numbers import percent

STEP, MOST = 18, 90  # pictures that are shown at first and for each "more", and in all
SHOWN_PX = 96  # a side, at most, on the wall
BOUND = "\N{NO-BREAK SPACE}"


def show_samples(done: DatasetRun, order: npt.NDArray[np.int64], caption: str, key: str) -> None:
    """Show the first pictures of an order, more on demand; under a chosen one, how it came about."""
    if not len(order):
        st.caption("There are none.")
        return
    count = min(st.session_state.get(f"{key}:count", STEP), MOST, len(order))
    some = order[:count]
    chosen = sample_wall.render_sample_wall(
        _small(done.split.images[some]), [_tile(done, int(at)) for at in some], caption, key
    )
    if count < min(MOST, len(order)):
        st.button(f"More ({count} of {len(order):,} shown)", on_click=_more, args=(key, count), key=f"{key} more")
    if chosen:
        side_by_side.show_side_by_side(
            [network for network, _ in done.found], _input(done, int(chosen)), f"{key}:faceoff"
        )


def _small(images: Pixels) -> Pixels:
    """Reduce large pictures for the wall: 90 of 224x224 would be 13 MB."""
    if images.shape[1] <= SHOWN_PX:
        return images
    return np.stack([np.asarray(Image.fromarray(one).resize((SHOWN_PX, SHOWN_PX))) for one in images])


def _more(key: str, count: int) -> None:
    st.session_state[f"{key}:count"] = count + STEP


def _tile(done: DatasetRun, at: int) -> WallTile:
    """Group the networks by what they say, the true answer first, then the surest."""
    truth = int(done.split.labels[at])
    camps: dict[int, list[tuple[float, str]]] = {}
    for network, answered in done.found:
        camp = camps.setdefault(int(answered.y_pred[at]), [])
        camp.append((float(answered.confidence[at]), network.card.title))
    order = sorted(camps, key=lambda label: (label != truth, -max(camps[label])[0]))
    return WallTile(str(at), f"shows {done.classes[truth]}", tuple(_line(done, label, camps[label]) for label in order))


def _line(done: DatasetRun, label: int, camp: Sequence[tuple[float, str]]) -> TileLine:
    return TileLine(
        done.classes[label], ", ".join(f"{title} {percent(sure)}".replace(" ", BOUND) for sure, title in camp)
    )


def _input(done: DatasetRun, at: int) -> ChosenInput:
    """Make an input of a picture of the set."""
    if isinstance(done.of, PhotoSet):
        brought = photos.media_file(done.of.photos[at].name, done.of.photos[at].data)
        return ChosenInput(brought.key, brought.name, photos.photo_thumbnail(brought.key, brought), brought)
    image = done.split.images[at]
    grey = image.shape[-1] == 1
    pixels = image.astype(np.float32) / np.float32(255) if grey else image
    return ChosenInput(
        f"{done.of.name}-{at}", f"picture {at + 1:,} of {done.of.title}", data_uri.color_png_uri(image), pixels
    )
