"""What lies in the zip beside the formats: the card in words and as JSON, and the labels. No TensorFlow.

A name or a label may hold any characters: here they are plain text, one line each, or JSON.
"""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from typing import Any, Final

from cnn.bundle.proof import PICTURES, TOLERANCE, Agreement
from cnn.bundle.source import FAMILIARITY, FEATURES, PROBABILITIES, Source
from cnn.shelf import is_own
from cnn.zoo import OWN_CLASSES

FOLDER_FORM: Final = re.compile(r"[^a-z0-9]+")
LONGEST_FOLDER: Final = 40
INPUTS: Final = {
    "photo": "a photo of any size: uint8 (n, height, width, 3), RGB. It is made smaller inside the network.",
    "digit": "a digit: uint8 (n, 28, 28, 1), white ink on black, 20 px long, its centre of mass in the middle.",
}
OUTPUTS: Final = {
    PROBABILITIES: "a probability for each class, in the order of labels.json; their sum is 1.",
    FEATURES: "the mean of each of its last maps: this network has no classes.",
    FAMILIARITY: "how like the picture is to the nearest of those that were taught, a mean cosine in [-1, 1].",
}
MOST_IN_PAGE: Final = 300 * 2**20  # bytes of an ONNX file: as base64 a browser's longest text holds 384 MB
TOO_LARGE_FOR_PAGE: Final = f"a web page holds a network of up to {MOST_IN_PAGE // 2**20} MB."
DIGIT_NOTE: Final = (
    "How a page finds ink in a drawing or a photo is not inside the network. run.py does a short form of it for clean "
    "pictures."
)
PHOTO_NOTE: Final = (
    "A photo of other sizes than the network's own is resized inside it as the pages do it; a byte that falls between "
    "two may come out as the other one."
)


def folder_name(source: Source) -> str:
    """Name the folder in the zip, and the zip: letters, digits and hyphens alone, whatever the network is called."""
    told = source.title if is_own(source.name) else source.name
    return FOLDER_FORM.sub("-", told.lower()).strip("-")[:LONGEST_FOLDER].strip("-") or "network"


def one_line(text: str) -> str:
    """Write a name on one line: what breaks lines or steers a terminal becomes a space."""
    return " ".join("".join(one if one.isprintable() else " " for one in text).split())


def card_json(source: Source, proof: Sequence[Agreement], missing: dict[str, str]) -> dict[str, Any]:
    """Write the card as a program reads it.

    Args:
        source: what is taken home.
        proof: of each format that is there.
        missing: why a format is not, by file.
    """
    card = source.network.card
    measured: dict[str, Any] = {"accuracy": card.accuracy, "measured_on": card.measured_on} if source.classes else {}
    return {
        "name": source.name,
        "title": one_line(source.title),
        "takes": source.takes,
        "input": INPUTS[source.takes],
        "outputs": {name: OUTPUTS[name] for name in source.outputs},
        "least_familiarity": card.threshold if FAMILIARITY in source.outputs else None,
        "size": source.network.runner.shape[0],
        "classes": len(source.classes),
        **measured,
        "temperature": card.temperature,
        "parameters": card.parameters,
        "protocol": card.protocol,
        "licence": card.licence,
        "tolerance": TOLERANCE,
        "proof": [
            {
                "file": one.file,
                "engine": one.engine,
                "pictures": one.pictures,
                "largest_difference": one.difference,
                "bytes": one.bytes,
                "sha256": one.sha256,
            }
            for one in proof
        ],
        "missing": missing,
    }


def card_text(source: Source, proof: Sequence[Agreement], missing: dict[str, str]) -> str:
    """Write the card as a person reads it, in plain text."""
    card = card_json(source, proof, missing)
    lines = [
        card["title"],
        "=" * min(len(card["title"]), 80),
        "",
        f"Takes {card['input']}",
        *(f"Gives {name}: {what}" for name, what in card["outputs"].items()),
        PHOTO_NOTE if source.takes == "photo" else DIGIT_NOTE,
        "",
    ]
    if source.classes:
        lines.append(f"Accuracy: {card['accuracy']:.1%} on {card['measured_on']}.")
    if source.network.card.data == OWN_CLASSES:
        lines.append(f"Learned: {card['protocol']}.")
        lines.append(
            f"None of these: a picture whose familiarity is below {card['least_familiarity']:.4f}. Of the taught "
            f"pictures {source.network.card.false_alarms:.0%} would be."
        )
        lines.append("What learned from few pictures is no diagnosis.")
    lines += [f"Parameters: {card['parameters']:,}", f"Licence and source: {one_line(card['licence'])}", ""]
    lines += [
        "Proof. Before this was handed over, each format was read back from its file, answered "
        f"{PICTURES} pictures and",
        f"was compared with what ConvScope's pages answer. Up to {TOLERANCE:g} of a number is allowed.",
        "",
    ]
    lines += [
        f"  {one.file:15} {one.engine:24} largest difference {one.difference:.1e}   {one.bytes / 2**20:.1f} MB   "
        f"SHA-256 {one.sha256}"
        for one in proof
    ]
    lines += [f"  {file:15} is not here: {why}" for file, why in missing.items()]
    files = [one.file for one in proof]
    lines += ["", f"Ask it:  python run.py {'network.tflite' if 'network.tflite' in files else files[0]} PHOTO"]
    if has_web_page(source, proof):
        lines.append("In a browser: open index.html; no internet is needed.")
    lines.append("")
    return "\n".join(lines)


def has_web_page(source: Source, proof: Sequence[Agreement]) -> bool:
    """Say whether a web page comes along: it answers with the ONNX file, where there are answers, up to a size."""
    return bool(source.classes) and any(one.file == "network.onnx" and one.bytes <= MOST_IN_PAGE for one in proof)


def labels_json(source: Source) -> str:
    """Write the labels as a list, in the order of the answers."""
    return json.dumps(list(source.classes), ensure_ascii=False, indent=0) + "\n"
