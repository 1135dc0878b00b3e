"""An adversarial nudge on the Evidence page: how little it takes to turn the answer, and who else is taken in."""

from __future__ import annotations

from functools import partial
from typing import Final

import numpy as np
import streamlit as st

from cnn.array_types import Array
from cnn.attribution.results import AdversarialNudge
from cnn.inference.predict import predict
from ui.components.download import download_button
from ui.components.image_row.image_row import RowImage, render_image_row
from ui.images import data_uri, figure_png
from ui.inspect.evidence_state import ClassReason
from ui.resources import attributions, cancellable_task, network_cache
from ui.resources.cancellable_task import CancellableTask
from ui.text.join_titles import join_titles
from ui.text.numbers import percent
from ui.text.out_of_distribution import UNLIKE

SHADES: Final = 255  # of grey, between black and white
UNSEEN: Final = 6  # shades, of the pixel that changes most: less than that people do not see
LARGE: Final = 2  # times: less is not worth a word
SOURCE: Final = (
    "Step by step along the gradient to the border of the nearest class, no pixel past black or white; then back "
    "as far as it keeps saying so (DeepFool: Moosavi-Dezfooli et al. 2015, arXiv:1511.04599). That such changes exist: "
    "Goodfellow et al. 2014, arXiv:1412.6572. There may be a smaller one."
)


def show_adversarial_nudge(reason: ClassReason, key: str) -> None:
    """Offer to look for the smallest nudge, and show it."""
    name, subject = reason.card.name, reason.subject
    asked = name, subject.key, subject.image, reason.folder
    task = CancellableTask(
        "Nudge the pixels until it says something else",
        f"Looking for the smallest change that turns {reason.card.title}'s answer.",
        partial(attributions.nudge_future, *asked),
        partial(attributions.nudge_future.leave, *asked),
        partial(attributions.nudge_future.retry, *asked),
        f"{key}:{name}:{subject.key}",
    )
    cancellable_task.run_section(task, partial(_show, reason, key))


def _show(reason: ClassReason, key: str, found: AdversarialNudge) -> None:
    if found.answer == found.label:
        st.markdown("It held: no way along the gradients turned the answer.")
        return
    st.markdown(nudge_sentence(reason, found))
    image, most = reason.subject.image, _most(reason.subject.image, found)
    times = 0.5 / most
    tiles = [
        RowImage(reason.picture, f"{reason.subject.title}, as it was", "Before"),
        RowImage(
            data_uri.network_input_uri(magnified(image, found)),
            "The change, around grey",
            f"The change, {times:.0f} times as large" if times >= LARGE else "The change",
        ),
        RowImage(data_uri.network_input_uri(found.image), f"{reason.subject.title}, nudged", "After"),
    ]
    render_image_row(tiles, "The picture before, the change, and after", f"{key}:row")
    st.markdown(others_sentence(reason, found))
    st.caption(SOURCE)
    panels = [
        figure_png.FigurePanel(title, _pixels(values))
        for title, values in (("Before", image), ("The change", magnified(image, found)), ("After", found.image))
    ]
    words = f"{reason.said}. {nudge_sentence(reason, found)}".replace("**", "")
    download_button("Download PNG", partial(figure_png.figure_png, panels, words), "nudge.png", key=f"{key} keep")


def nudge_sentence(reason: ClassReason, found: AdversarialNudge) -> str:
    """Say how little turned the answer, and what a person makes of it; Markdown."""
    network, classes = reason.subject.network, reason.card.classes
    before, after = predict(network, np.stack([reason.subject.image, found.image]))
    shades = SHADES * _most(reason.subject.image, found)
    mean = SHADES * float(np.abs(found.image - reason.subject.image).mean())
    said = (
        f"{reason.card.title} said **{classes[before.label]}**, {percent(before.confidence)}. Change each pixel by "
        f"**{_short(mean)} of {SHADES} shades** on average, the most by {_short(shades)}, and it says "
        f"**{classes[after.label]}**, {percent(after.confidence)}."
    )
    if after.in_distribution:
        said += " Nothing about the picture seems strange to it."
    else:
        said += f" It does notice: to it this is {UNLIKE}."
    person = (
        "A person sees no difference."
        if shades < UNSEEN
        else "A person sees a trace of it, and still knows what it is."
    )
    return f"{said} {person}"


def others_sentence(reason: ClassReason, found: AdversarialNudge) -> str:
    """Say which other networks of the same classes the nudge takes in; Markdown."""
    fooled: list[str] = []
    firm: list[str] = []
    for name in network_cache.available_network_names(reason.card.data):
        network = network_cache.cached_network(name)
        if name == reason.card.name or network.runner.shape != found.image.shape:
            continue
        before, after = predict(network, np.stack([reason.subject.image, found.image]))
        (firm if before.label == after.label else fooled).append(network.card.title)
    if not fooled:
        return f"Made for this network alone: {join_titles(firm)} {_say(firm)} what they said before." if firm else ""
    return f"It takes in others, too: {join_titles(fooled)}." + (f" Not {join_titles(firm)}." if firm else "")


def _say(titles: list[str]) -> str:
    return "says" if len(titles) == 1 else "say"


def magnified(image: Array, found: AdversarialNudge) -> Array:
    """Show the change around grey, the largest one black or white: float32 (height, width, channels) in [0, 1]."""
    return np.asarray(0.5 + (found.image - image) / (2 * _most(image, found)), np.float32).clip(0, 1)


def _short(number: float) -> str:
    return f"{number:.0f}" if number >= 10 else f"{number:.1g}"


def _most(image: Array, found: AdversarialNudge) -> float:
    """Give the largest change of a pixel, in [0, 1]."""
    return float(np.abs(found.image - image).max())


def _pixels(values: Array) -> np.ndarray[tuple[int, ...], np.dtype[np.uint8]]:
    pixels = np.rint(values * 255).astype(np.uint8)
    return pixels[..., 0] if pixels.shape[2] == 1 else pixels
