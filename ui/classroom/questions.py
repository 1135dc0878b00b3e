"""What a class can be asked about a network and an input: each kind is one function, and one line of the table."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Final

import numpy as np

from cnn.inference.predict import Prediction, calibrated_probabilities, predict
from cnn.layers import ablation, feature_maps
from cnn.metrics.localization import PLACES, normalize_heatmap, resize_bilinear
from cnn.shelf import network_folder
from ui.classroom.rooms import ClassError, Question
from ui.images import data_uri
from ui.resources import attributions, network_cache
from ui.selection.network_and_input import NetworkAndInput
from ui.text import out_of_distribution
from ui.text.attribution import evidence_sentence
from ui.text.numbers import percent

ENLARGED_PX: Final = 280  # shorter side at least: a network's input of 28 px is grey mush on a projector otherwise
MOST_OPTIONS: Final = 10  # classes on a phone: of more, the best few are offered
BEST: Final = 5
SURE: Final = (0.5, 0.9, 0.99)  # where one answer about confidence ends and the next begins
PATIENT_S: Final = 90  # for the process that computes evidence, its start included


@dataclass(frozen=True, slots=True)
class Guess:
    """A question without its picture: what is asked, what may be answered, and what is right; see `Question`."""

    ask: str
    options: tuple[str, ...]
    answer: int
    shares: tuple[float, ...]
    told: str


@dataclass(frozen=True, slots=True)
class QuestionKind:
    """A kind of question: what is hidden, how it is made, and the page where one looks on."""

    title: str
    make: Callable[[NetworkAndInput, Prediction], Guess]
    page: str


def ask_about(kind: str, subject: NetworkAndInput, address: Mapping[str, str]) -> Question:
    """Make a question; the network answers now, and everybody sees it when it is revealed.

    Args:
        kind: key of QUESTION_KINDS.
        subject: a network and its input.
        address: names both, such as `{"network": "mnist/resnet", "input": "sample-7"}`.
    Raises: ConvScopeError: the network gives no answer, or the evidence could not be computed.
    """
    if not subject.network.card.answers:
        raise ClassError(f"{subject.network.card.title} ends before any answer. Choose another network for the class.")
    guess = QUESTION_KINDS[kind].make(subject, predict(subject.network, subject.image[None])[0])
    return Question(
        guess.ask,
        input_picture(subject),
        guess.options,
        guess.answer,
        guess.shares,
        guess.told,
        QUESTION_KINDS[kind].page,
        address,
    )


def input_picture(subject: NetworkAndInput) -> str:
    """Draw the network's exact input large enough to be seen from the last row, as a data URI."""
    pixels = np.rint(subject.image * 255).astype(np.uint8)
    times = max(1, ENLARGED_PX // min(pixels.shape[:2]))
    return data_uri.color_png_uri(pixels.repeat(times, 0).repeat(times, 1))


def _answer(subject: NetworkAndInput, found: Prediction) -> Guess:
    """Hide the answer."""
    card = subject.network.card
    few = len(card.classes) <= MOST_OPTIONS
    best = sorted((label for label, _ in found.top(BEST)), key=card.classes.__getitem__)  # their order tells nothing
    labels = range(len(card.classes)) if few else best
    return Guess(
        f"What does {card.title} say this is?",
        tuple(card.classes[label] for label in labels),
        list(labels).index(found.label),
        tuple(float(found.probabilities[label]) for label in labels),
        out_of_distribution.answer_sentence(card, found),
    )


def _confidence(subject: NetworkAndInput, found: Prediction) -> Guess:
    """Hide how sure it is."""
    edges = [f"{edge:.0%}".replace("%", " %") for edge in SURE]
    between = [f"{low} to {high}" for low, high in itertools.pairwise(edges)]
    options = (f"less than {edges[0]}", *between, f"more than {edges[-1]}", out_of_distribution.UNLIKE)
    place = int(np.searchsorted(SURE, found.confidence)) if found.in_distribution else len(options) - 1
    card = subject.network.card
    return Guess(
        f"With what confidence does {card.title} answer?",
        options,
        place,
        tuple(float(at == place) for at in range(len(options))),
        out_of_distribution.answer_sentence(card, found),
    )


def _evidence(subject: NetworkAndInput, found: Prediction) -> Guess:
    """Hide where the evidence lies: in which ninth of the picture Grad-CAM is strongest on average."""
    card = subject.network.card
    future = attributions.attribution_future(
        card.name, subject.key, found.label, subject.image, network_folder(card.name)
    )
    heat = attributions.result_within(future, PATIENT_S)
    ninths = resize_bilinear(normalize_heatmap(heat.values), (90, 90)).reshape(3, 30, 3, 30).mean((1, 3))  # (3, 3)
    shares = (ninths / (ninths.sum() or 1)).ravel()
    name = card.classes[found.label]
    return Guess(
        f"{card.title} says {name}. Where in the picture does it look for that?",
        tuple(place for row in PLACES for place in row),
        int(shares.argmax()),
        tuple(shares.tolist()),
        evidence_sentence(heat.values, name),
    )


def _ablation(subject: NetworkAndInput, found: Prediction) -> Guess:
    """Hide what the answer becomes when half of the first layer's channels are off, the strongest."""
    card = subject.network.card
    forward = network_cache.forward_pass(card.name)
    maps = network_cache.activation_maps(card.name, subject.key, subject.image)
    layer = ablation.ablatable_layers(forward.graph)[0]
    strongest = np.argsort(-np.abs(feature_maps.as_maps(maps[layer.name])).mean((0, 1)), kind="stable")
    off = frozenset(strongest[: (layer.units + 1) // 2].tolist())
    after = calibrated_probabilities(card, ablation.ablated_logits(forward, maps, {layer.name: off}))
    before, now = card.classes[found.label], card.classes[int(after.argmax())]
    kept = now == before
    return Guess(
        f"{card.title} says {before}. Now the {len(off)} strongest of the {layer.units} channels of its first layer go "
        "off. What does it say then?",
        (f"still {before}", "something else"),
        int(not kept),
        (float(kept), float(not kept)),
        f"Without them it {'still ' if kept else ''}says **{now}**, {percent(float(after.max()))}.",
    )


QUESTION_KINDS: Final[Mapping[str, QuestionKind]] = {
    "answer": QuestionKind("Its answer", _answer, "pages/layers.py"),
    "confidence": QuestionKind("Its confidence", _confidence, "pages/evidence.py"),
    "evidence": QuestionKind("Its evidence: where it looks", _evidence, "pages/evidence.py"),
    "ablation": QuestionKind("Ablation: its answer with channels off", _ablation, "pages/lesion.py"),
}
PAGES: Final[Mapping[str, str]] = {  # where a class may look on: pages that take a network and an input
    "pages/layers.py": "Layers",
    "pages/arithmetic.py": "Convolution, step by step",
    "pages/evidence.py": "Evidence",
    "pages/lesion.py": "Ablation",
}
