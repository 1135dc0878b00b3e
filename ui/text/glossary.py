"""The field's terms that stand on the pages, each in one plain line; Help lists them, the pages link to them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

TERMS: Final[Mapping[str, str]] = {
    "ablation": "Switching a part of a network off, to see what it was needed for.",
    "accuracy": "The share of pictures that a network answers rightly.",
    "activation": "The number that a channel or unit gives for one input. 0 means: nothing found here.",
    "adversarial example": "A picture changed on purpose, so little that a person still knows it, and yet a network "
    "says something else.",
    "architecture": "The plan of a network: which layers, in which order. LeNet and ResNet are two.",
    "bias": "A number of its own that a kernel adds to each of its sums.",
    "calibration": "How far a network's confidence can be believed: of all answers that it is 80 % sure of, 80 % "
    "should be right.",
    "channel": "What one filter makes: a map that says, for each place, how strongly the filter's pattern was found "
    "there. The field also calls it a feature map.",
    "class": "One of the answers that a network can give, such as 7 or cat.",
    "confidence": "The share, from 0 to 100 %, that says how sure a network is. It can be sure and wrong.",
    "confusion matrix": "A table that counts which class was taken for which.",
    "convolution": "A kernel laid over each place of its input in turn; at each, its weights and the numbers below are "
    "multiplied and added up.",
    "deletion": "A test of faithfulness: cover what a heat map calls important, and see whether the answer falls.",
    "evidence": "The places of a picture that speak for an answer, shown as a heat map. The field also calls it "
    "attribution.",
    "faithfulness": "Whether a heat map tells the truth: where it is bright is what the answer hangs on. It is tested "
    "by deletion and insertion.",
    "feature visualization": "A picture made so that one channel answers as strongly as it can: what that channel "
    "looks for.",
    "filter": "The kernels that together make one channel, one for each channel that it reads.",
    "gradient": "How much, and which way, an answer would change if a number changed a little. Training follows it.",
    "insertion": "A test of faithfulness: show only what a heat map calls important, and see whether the answer "
    "comes back.",
    "kernel": "A small grid of weights, such as 3x3, that slides over its input. Training finds the weights.",
    "layer": "One step of a network: it reads the numbers of the step before, and makes new ones.",
    "logit": "The number that the last layer gives for a class, before softmax makes it a probability.",
    "loss": "How wrong a network is, in one number; training makes it small.",
    "map": "The numbers of one channel, shown as a picture.",
    "network": "An architecture with the weights that it learned from a data set.",
    "out of distribution": "See *unlike anything it learned*.",
    "pooling": "Makes maps smaller: of each window, only the largest number stays, or the mean.",
    "receptive field": "The part of the input that one number of a layer can see.",
    "ReLU": "Turns every number below 0 into 0, and leaves the others.",
    "robustness": "How much a picture may change before a network no longer knows it.",
    "sanity check": "A test of a heat map: with random weights a network knows nothing, so a map that stays the same "
    "shows the picture, not what was learned.",
    "softmax": "Turns the numbers of the last layer into probabilities that add up to 1.",
    "stride": "By how many pixels a window moves on to the next place.",
    "unit": "One number of a layer that has no maps, such as a dense layer.",
    "unlike anything it learned": "What an input is called that resembles nothing a network was trained on. It answers "
    "all the same: do not trust that. The field says *out of distribution*.",
    "weight": "A number of a network that training finds; what it knows is in its weights.",
}


def anchor(name: str) -> str:
    """Give the anchor that Streamlit makes of a heading with a term: "feature-visualization"."""
    return name.lower().replace(" ", "-")


def term(name: str, shown: str = "") -> str:
    """Link a term to its line in the glossary; Markdown. `ui/page.css` draws the dotted underline.

    Args:
        name: key of TERMS.
        shown: other words for it in the sentence, such as its plural.
    Raises: KeyError: the glossary has no such term.
    """
    TERMS[name]
    return f"[{shown or name}](help#{anchor(name)})"
