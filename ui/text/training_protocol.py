"""How networks were trained, in a sentence, where it was one protocol for all of them."""

from __future__ import annotations

from collections.abc import Sequence

from cnn.zoo import Card


def protocol_sentence(cards: Sequence[Card]) -> str:
    """Say that all were trained alike, how, and what differs; "" where they were not, or nobody knows."""
    protocols = {card.protocol for card in cards}
    if len(cards) < 2 or len(protocols) > 1 or "" in protocols:
        return ""
    rates = {card.learning_rate for card in cards}
    same = f"All were trained alike: {protocols.pop()}"
    if len(rates) == 1:
        return f"{same}, with a highest learning rate of {rates.pop():g}."
    each = ", ".join(f"{card.title} {card.learning_rate:g}" for card in cards)
    return f"{same}. Only the highest learning rate differs, chosen on pictures held out of the training set: {each}."
