"""The whole range of a change, played: the picture bends further and further, and each network's answer follows."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import numpy as np
import streamlit as st

from cnn.inference.predict import predict
from cnn.inference.video_classification import FrameAnswer, Timeline, TimelineLane, frame_answer
from cnn.perturbations import Perturbation
from cnn.zoo import OWN_CLASSES, Network
from ui.components.video_timeline.video_timeline import TimelineWords, render_video_timeline
from ui.images import data_uri
from ui.resources.visitor_cache import visitor_cache
from ui.selection.input_picker import ChosenInput
from ui.text.out_of_distribution import UNLIKE

STEPS: Final = {"imagenet": 13, OWN_CLASSES: 13}  # strengths: an answer on ImageNet takes 25 to 100 ms ...
STEPS_OF_SMALL: Final = 31  # ... of the small networks about 1
PLAY_S: Final = 6.0  # the whole range, when played
SHOWN_PX: Final = 224  # longer side of a picture
MOST_SWEEPS: Final = 16  # some 100 kB of pictures each


def show_sweep(networks: Sequence[Network], given: ChosenInput, chosen: Perturbation, key: str) -> None:
    """Show the answers at every strength, and where each network's changed; `key` is unique on the page."""
    data = networks[0].card.data
    shown, pictures = _sweep(data, given.key, chosen.name, networks, given, chosen)
    rest = shown.times.index(chosen.rest)
    st.markdown(sweep_sentence(shown, rest, chosen.unit))
    words = TimelineWords(
        f"{chosen.title} {{:g}}{f' {chosen.unit}' if chosen.unit else ''}",
        "strength",
        "The picture",
        "Strength of the change",
    )
    render_video_timeline(shown, pictures, PLAY_S, f"{key}:{data}:{given.key}:{chosen.name}", words, rest)


@visitor_cache(MOST_SWEEPS, "Bending the picture further and further")
def _sweep(
    data: str, key: str, change: str, _networks: Sequence[Network], _given: ChosenInput, _chosen: Perturbation
) -> tuple[Timeline, tuple[str, ...]]:
    """Ask every network about every strength; the pictures are what the first one sees."""
    strengths = _chosen.levels(STEPS.get(data, STEPS_OF_SMALL))
    lanes: list[TimelineLane] = []
    pictures: list[str] = []
    for network in _networks:
        image = _given.image(network)[None]
        bent = [_chosen(image, strength)[0] for strength in strengths]
        answers = predict(network, np.stack(bent))
        lanes.append(
            TimelineLane(network.name, network.card.title, tuple(frame_answer(network.card, one) for one in answers))
        )
        pictures = pictures or [_picture(one) for one in bent]
    return Timeline(strengths, tuple(lanes)), tuple(pictures)


def _picture(image: np.ndarray[tuple[int, ...], np.dtype[np.float32]]) -> str:
    if max(image.shape) <= SHOWN_PX // 2:
        return data_uri.network_input_uri(image)
    return data_uri.thumbnail_uri(np.rint(image * 255).astype(np.uint8), SHOWN_PX)


def sweep_sentence(shown: Timeline, rest: int, unit: str) -> str:
    """Say from where to where each network stays with its first answer, the firmest first; Markdown.

    Who begins to call the picture unlike anything it learned does not stay with its answer.
    """
    held = [(_held(lane, rest), lane) for lane in shown.lanes]
    said = []
    for (low, high), lane in sorted(held, key=lambda one: one[0][0] - one[0][1]):
        ends = f"from {shown.times[low]:g} to {shown.times[high]:g}{f' {unit}' if unit else ''}"
        where = "all along" if (low, high) == (0, len(shown.times) - 1) else ends
        answer = _said(lane.answers[rest])
        says = f"finds this {UNLIKE}" if answer == UNLIKE else f"says {answer}"
        said.append(f"**{lane.title}** {says} {where}.")
    return " ".join(said)


def _held(lane: TimelineLane, rest: int) -> tuple[int, int]:
    """Give the first and last place, around `rest`, up to which is said what is said at `rest`."""
    said = [_said(answer) for answer in lane.answers]
    low = next((at + 1 for at in range(rest, -1, -1) if said[at] != said[rest]), 0)
    high = next((at - 1 for at in range(rest, len(said)) if said[at] != said[rest]), len(said) - 1)
    return low, high


def _said(answer: FrameAnswer) -> str:
    return answer.name if answer.in_distribution else UNLIKE
