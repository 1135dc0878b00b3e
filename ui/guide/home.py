"""A convolutional network in one minute: five pictures and a few words."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import streamlit as st

from cnn.architectures import ARCHITECTURES
from cnn.paths import ASSETS
from ui.resources import network_cache


@dataclass(frozen=True, slots=True)
class Scene:
    """One step of the story: a picture in assets/home, what it shows, a title and a text."""

    picture: str
    alt: str
    title: str
    text: str


DOORS: Final = {  # pages, with the menu's words, short enough for a phone
    "Ask": (
        ("pages/draw.py", ":primary[**Draw a digit**]"),
        ("pages/photo.py", ":primary[**Photo**]: what is in it?"),
        ("pages/video.py", ":primary[**Video**]: what happens when?"),
    ),
    "Look inside": (
        ("pages/layers.py", ":primary[**Layers**]: what each one finds"),
        ("pages/arithmetic.py", ":primary[**Convolution**], step by step"),
        ("pages/evidence.py", ":primary[**Evidence**]: why this answer?"),
        ("pages/lesion.py", ":primary[**Ablation**]: switch channels off"),
    ),
    "Compare": (
        ("pages/compare.py", ":primary[**Compare networks**]"),
        ("pages/robustness.py", ":primary[**Robustness**]: how far can it bend?"),
        ("pages/architectures.py", ":primary[**Architectures**]"),
    ),
    "Train": (
        ("pages/train.py", ":primary[**Train a network**]"),
        ("pages/teach.py", ":primary[**Teach**] your own classes"),
        ("pages/backpropagation.py", ":primary[**Backpropagation**], step by step"),
        ("pages/networks.py", ":primary[**Your networks**]"),
        ("pages/class.py", ":primary[**Class**]: predict, then see"),
    ),
}
SCENES: Final = (
    Scene(
        "pixels",
        "A handwritten seven, white on black, in coarse pixels",
        "1. A picture is numbers",
        "28x28 of them: 0 for paper, 1 for ink. That is all a network gets.",
    ),
    Scene(
        "kernels",
        "Six small kernels of five by five weights",
        "2. Kernels look for patterns",
        "A kernel is a tiny picture of weights. It slides over the digit; at each place its weights and the "
        "pixels below are multiplied and added up. Nobody chose these six: LeNet learned them.",
    ),
    Scene(
        "maps",
        "Six feature maps of the seven; edges of different directions light up",
        "3. Feature maps show where",
        "Each kernel leaves a map: bright where its pattern was found, such as an edge that runs this way or that.",
    ),
    Scene(
        "pooled",
        "The same six maps at half the size",
        "4. Pooling makes it small",
        "Two by two neighbours become one. What was found stays, where exactly matters less. "
        "Then come more kernels, on these maps.",
    ),
    Scene(
        "answer",
        "Ten bars; the bar of the seven is by far the longest",
        "5. Ten numbers come out",
        "The last layers weigh all maps into one number for each digit. The largest is the answer.",
    ),
)


def list_pages() -> list[tuple[str, str]]:
    """List the pages that one can go to, and the menu's words for them."""
    return [door for group in DOORS.values() for door in group]


def show_page_links() -> None:
    """Show where one can go, in three groups side by side; on a phone one below the other."""
    for column, (group, pages) in zip(st.columns(len(DOORS)), DOORS.items(), strict=True):
        with column.container(border=True, height="stretch"):
            st.markdown(f"**{group}**")
            for page, label in pages:
                st.page_link(page, label=label, width="stretch")


def show_story() -> None:
    """Show the five scenes side by side; below each other on a phone."""
    for column, scene in zip(st.columns(len(SCENES), gap="medium"), SCENES, strict=True):
        with column:
            st.image(ASSETS / "home" / f"{scene.picture}.png", alt=scene.alt, width=168)
            st.markdown(f"**{scene.title}**  \n{scene.text}")


def architecture_list(data: str) -> str:
    """List the networks shipped for `data` in Markdown: name, year, idea, size and accuracy.

    A list, since a table of five columns is wider than a phone.
    """
    lines = []
    for name in network_cache.public_network_names(data):
        card = network_cache.cached_card(name)
        family = ARCHITECTURES[card.architecture]
        figures = f"{card.parameters:,} parameters, accuracy {card.accuracy * 100:.2f} %."
        lines.append(f"- **{card.title}** ({family.year}). {family.idea} {figures}")
    return "\n".join(lines)
