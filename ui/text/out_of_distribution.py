"""What is said of an input unlike anything a network learned (out of distribution), in the same words on every page."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from cnn.inference.predict import Prediction
from cnn.zoo import OTHER_THINGS, OTHER_THINGS_CROPS, OTHER_THINGS_PHOTOS, Card
from ui.text.join_titles import join_titles
from ui.text.numbers import percent

IMAGENET: Final = "imagenet"
UNLIKE: Final = "unlike anything it learned"
BLIND: Final = 0.05  # share of each kind of strange pictures: who notices fewer cannot tell


def answer_sentence(card: Card, prediction: Prediction) -> str:
    """Say what a network answers, and when that is none; Markdown."""
    name = card.classes[prediction.label]
    if not prediction.in_distribution:
        return f"To {card.title} this is {UNLIKE}. The nearest is **{name}**, but do not trust it."
    return f"{card.title} says **{name}**, {percent(prediction.confidence)}."


def limits_note(cards: Sequence[Card]) -> str:
    """Say what the answers of photo networks cannot be trusted in, as measured; "" where nothing is to be said.

    Args:
        cards: those with the share of photos of other things that they notice are of the same few classes.
    """
    few = [card for card in cards if OTHER_THINGS in card.caught]
    return " ".join(filter(None, (_few_classes(few), *map(_blind, cards), _raw(cards))))


def _few_classes(few: Sequence[Card]) -> str:
    if not few:
        return ""
    shares = sorted(card.caught[OTHER_THINGS] for card in few)
    noticed = " to ".join(dict.fromkeys(map(percent, (shares[0], shares[-1]))))
    one, crops = len(few) == 1, OTHER_THINGS_PHOTOS * OTHER_THINGS_CROPS
    return (
        f"{join_titles([card.title for card in few])} {'knows' if one else 'know'} only these {len(few[0].classes)}: "
        f"{', '.join(few[0].classes)}. Of {crops:,} crops of {OTHER_THINGS_PHOTOS} photos of other things "
        f"{'it calls' if one else 'they call'} {noticed} strange; the rest {'it takes' if one else 'they take'} for "
        "one of these, however sure."
    )


def _blind(card: Card) -> str:
    if not card.caught or max(card.caught.values()) >= BLIND:
        return ""
    most = max(card.caught.values())
    noticed = f"{percent(most)} at most" if most else "nothing"
    return (
        f"{card.title} cannot tell what is {UNLIKE}: of {join_titles(list(card.caught))} it notices {noticed}, and "
        f"names one of its {len(card.classes):,} classes for anything."
    )


def _raw(cards: Sequence[Card]) -> str:
    raw = [card.title for card in cards if card.data == IMAGENET]
    if not raw:
        return ""
    return (
        f"The percentages of {join_titles(raw)} are as the network gives them: they were not calibrated, for want of "
        "labelled photos."
    )
