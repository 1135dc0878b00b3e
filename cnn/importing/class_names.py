"""What the classes of a brought network are called, and so whose pictures it is asked. No TensorFlow."""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from typing import Final

from cnn.datasets.dataset import CIFAR10_CLASSES
from cnn.datasets.imagenet_labels import imagenet_labels
from cnn.errors import BadInput
from cnn.zoo import OWN_CLASSES
from cnn.zoo.pretrained import PRETRAINED_DATA

DIGITS, CIFAR10 = "mnist", "cifar10"
DIGIT_CLASSES: Final = tuple("0123456789")
DIGIT_SIDES: Final = (28, 32)  # px: to these a drawn digit is brought without scaling
MOST_CLASSES: Final = 10_000
LONGEST_LABEL: Final = 60
MOST_TEXT: Final = 2**20  # letters of a list of names


def clean_labels(names: Sequence[str], classes: int) -> tuple[str, ...]:
    """Make names of classes that are the same in Markdown, in a CSV and in a path as without; each is there once.

    Args:
        names: as they came; fewer or more than `classes` are an error, none are numbers.
        classes: how many there are.
    Raises: BadInput: their number differs.
    """
    if not names:
        return tuple(f"class {label}" for label in range(classes))
    if len(names) != classes:
        raise BadInput(f"There are {len(names):,} names, and the network tells {classes:,} classes apart.")
    cleaned: dict[str, None] = {}
    for label, name in enumerate(names):
        plain = " ".join(re.sub(r"[^\w ,'()+.-]|_", " ", name).split()).lstrip("+-.,'() ")[:LONGEST_LABEL].strip()
        plain = re.sub(r"\bwww\.", "www ", plain, flags=re.I) or f"class {label}"
        cleaned[plain if plain not in cleaned else f"{plain} ({label})"] = None
    return tuple(cleaned)


def read_labels(text: str, classes: int) -> tuple[str, ...]:
    """Read names of classes as people keep them: one a line, between commas, or JSON; a number in front goes.

    Args:
        text: such as labels.txt of Teachable Machine ("0 cats"), or {"0": "cats"}.
        classes: how many there are.
    Raises: BadInput: their number differs, or there is too much text.
    """
    if len(text) > MOST_TEXT:
        raise BadInput(f"A list of names has up to {MOST_TEXT:,} letters, not {len(text):,}.")
    return clean_labels(split_names(text.strip()), classes)


def split_names(text: str) -> list[str]:
    """Take a list of names apart; see `read_labels`."""
    if text[:1] in ("[", "{"):
        try:
            found = json.loads(text)
        except (ValueError, RecursionError) as error:
            raise BadInput(f"The list of names is no JSON that can be read ({type(error).__name__}).") from error
        if isinstance(found, dict):
            if all(str(key).isdecimal() for key in found):  # label -> name
                found = [found[key] for key in sorted(found, key=int)]
            else:  # name -> label, as Keras' class_indices
                found = sorted(found, key=lambda key: int(found[key]) if str(found[key]).isdecimal() else 0)
        return [" ".join(map(str, one)) if isinstance(one, list) else str(one) for one in found]
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    listed = lines if len(lines) != 1 else [one.strip() for one in lines[0].split(",")]
    numbered = all(re.match(rf"{at}[ :,.\t)]+\S", one) for at, one in enumerate(listed))
    return [re.sub(r"^\d+[ :,.\t)]+", "", one) for one in listed] if numbered else listed


def imagenet_names() -> tuple[str, ...]:
    """List the names of ImageNet's 1,000 classes, as the shipped networks have them."""
    return tuple(one.name for one in imagenet_labels())


def data_set_of(labels: Sequence[str], shape: tuple[int, int, int], digits: bool) -> str:
    """Say whose pictures a network is asked: those of a shipped data set only where the classes are exactly its own.

    Args:
        labels: names of its classes, cleaned.
        shape: (height, width, channels) of its input.
        digits: a person says that it knows drawn digits.
    Raises: BadInput: it is said to know digits, and has no ten classes or another size.
    """
    if digits:
        if len(labels) != len(DIGIT_CLASSES) or shape[0] not in DIGIT_SIDES:
            raise BadInput(
                f"Drawn digits have 10 classes and 28 or 32 pixels; this network has {len(labels):,} and {shape[0]}. "
                "Let it look at photos."
            )
        return DIGITS
    if tuple(labels) == CIFAR10_CLASSES and shape == (32, 32, 3):
        return CIFAR10
    return PRETRAINED_DATA if tuple(labels) == clean_labels(imagenet_names(), 1000) else OWN_CLASSES
