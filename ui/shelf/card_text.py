"""The card of one's own network in words. No Streamlit."""

from __future__ import annotations

from datetime import datetime
from typing import Final

from cnn.architectures import find_architecture
from cnn.evaluation.photo_set import NAMES
from cnn.zoo import OWN_CLASSES, Card, card_statistics
from ui.text.numbers import abbreviated, percent

MEASURE: Final = " A folder of your own photos on Compare, a folder a class, measures it."


def accuracy_sentence(card: Card) -> str:
    """Say how often a network is right, with the interval that fits it, and on what that was measured."""
    if not card.measured_on:
        return f"Accuracy **not measured**: nobody has asked it labelled pictures here.{MEASURE * (card.data in NAMES)}"
    fits = card_statistics.accuracy_interval(card)
    between = f" (95 % interval: {percent(fits.low)} to {percent(fits.high)})" if fits else ""
    return f"Accuracy **{percent(card.accuracy)}** on {card.measured_on}{between}."


NOT_CALIBRATED: Final = "none: its confidence is what the file gives, and it takes every picture for known"
NAMED: Final = 6  # classes that a card names


def _classes(card: Card) -> str:
    more = f" and {len(card.classes) - NAMED:,} more" if len(card.classes) > NAMED else ""
    return f"{len(card.classes):,}: {', '.join(card.classes[:NAMED])}{more}"


def calibration_sentence(card: Card) -> str:
    """Say how its confidence was made honest, and what it does not notice."""
    said = f"temperature {card.temperature:.2f}, fitted to {card.calibrated_on}"
    if not card.caught:
        return said
    kinds = ", ".join(f"{percent(share)} of {kind}" for kind, share in card.caught.items())
    return f"{said}. Of what is none of its classes it notices {kinds}, with {percent(card.false_alarms)} false alarms"


def card_list(card: Card, created: datetime) -> str:
    """Write a network's card as a list in Markdown."""
    family = find_architecture(card.architecture)
    kept = f"{created:%Y-%m-%d %H:%M} UTC"
    if card.brought:
        how = {"Brought": f"{card.brought}, on {kept}", "Classes": _classes(card)}
    elif card.data == OWN_CLASSES:
        how = {"Taught": f"{card.protocol}; kept on {kept}", "Classes": _classes(card)}
    else:
        how = {
            "Trained": f"{card.protocol}; highest learning rate {card.learning_rate:g}; seed {card.seed}",
            "Took": f"{card.seconds:,.0f} s of training, kept on {kept}",
        }
    rows = {
        "Architecture": f"{family.title}: {family.idea}" if not family.year else family.title,
        **how,
        "Accuracy": accuracy_sentence(card).replace("*", "").removeprefix("Accuracy ").removesuffix("."),
        "Calibration": calibration_sentence(card) if card.calibrated_on else NOT_CALIBRATED,
        "Cost": f"{card.parameters:,} parameters, {abbreviated(card.multiply_adds)} multiply-adds an answer, "
        f"{card.bytes / 2**20:.1f} MB",
        "Data": card.licence,
        "Checksum": f"`{card.sha256[:16]}` (SHA-256 of the file that answers, begins so)",
    }
    return "\n".join(f"- **{name}**: {said}" for name, said in rows.items())
