"""What a card says only in words: how many pictures its accuracy comes from, and so how far it is to be trusted."""

from __future__ import annotations

import re
from typing import Final

from cnn.architectures import find_architecture
from cnn.metrics.significance import ConfidenceInterval, wilson_interval
from cnn.zoo import Card, pretrained

VALIDATION_NOTE: Final = (
    50_000  # pictures of ImageNet's validation set (Russakovsky et al. 2015, arXiv:1409.0575, table 2)
)
COUNTED: Final = re.compile(r"([\d,]+) (?:test|taught) pictures")


def measured_pictures(card: Card) -> int | None:
    """Count the pictures on which a network's accuracy was measured; None where its card does not say."""
    if found := COUNTED.search(card.measured_on):
        return int(found[1].replace(",", ""))
    return VALIDATION_NOTE if card.measured_on.startswith(pretrained.PUBLISHED) else None


def accuracy_interval(card: Card) -> ConfidenceInterval | None:
    """Say which accuracies fit what was measured, at 95 %; None where the card does not say on how many pictures."""
    asked = measured_pictures(card)
    return wilson_interval(round(card.accuracy * asked), asked) if asked else None


def publication_year(card: Card) -> int | None:
    """Say when a network's architecture was published; None where a person built it."""
    return find_architecture(card.architecture).year or None
