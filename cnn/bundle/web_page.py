"""The network as one web page that works from a USB stick: engine, weights and proof inside, nothing fetched.

Chrome lets a page that is opened from a disk fetch nothing, not even what lies beside it. So ONNX Runtime Web
(assets/onnxruntime_web, 3.7 MB packed) and the ONNX file stand in the page itself. No TensorFlow.
"""

from __future__ import annotations

import base64
import gzip
import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, Final

import numpy as np

from cnn.array_types import Array, Pixels
from cnn.bundle.card_files import one_line
from cnn.bundle.proof import TOLERANCE
from cnn.bundle.source import Source
from cnn.paths import ASSETS

TEMPLATE: Final = Path(__file__).with_name("page_template")
ENGINE: Final = ASSETS / "onnxruntime_web" / "ort.wasm.bundle.min.mjs"
WASM: Final = ASSETS / "onnxruntime_web" / "ort-wasm-simd-threaded.wasm.gz"
LICENCE: Final = ASSETS / "onnxruntime_web" / "LICENSE"
CHECKED: Final = 4  # of the proof's pictures, the smallest: the page answers them again whenever it is opened


def web_page(
    source: Source, network: Path, pictures: Sequence[Pixels], answers: Mapping[str, Array], card: dict[str, Any]
) -> str:
    """Write the page.

    Args:
        source: of the network; it has classes.
        network: its ONNX file.
        pictures: of the proof ...
        answers: ... and what the pages of ConvScope answer, as `Source.page_answers` gives it.
        card: as `cnn.bundle.card_files.card_json` makes it.
    """
    smallest = sorted(range(len(pictures)), key=lambda at: pictures[at].size)[:CHECKED]
    facts = {
        "title": one_line(source.title),
        "takes": source.takes,
        "least": card["least_familiarity"],
        "labels": [one_line(label) for label in source.classes],
        "tolerance": TOLERANCE,
        "card": {
            "Accuracy": f"{card['accuracy']:.1%} on {card['measured_on']}".replace("%", " %"),
            "Classes": f"{card['classes']:,}",
            "Parameters": f"{card['parameters']:,}",
            "Licence and source": one_line(card["licence"]),
            "Runs on": "ONNX Runtime Web 1.30.0 (MIT, Microsoft Corporation), inside this page",
        },
        "proof": [
            {
                "height": pictures[at].shape[0],
                "width": pictures[at].shape[1],
                "pixels": _base64(pictures[at].tobytes()),
                "answers": {
                    name: [float(f"{number:.7g}") for number in np.ravel(rows[at])] for name, rows in answers.items()
                },
            }
            for at in smallest
        ],
    }
    parts = {
        "/*CSS*/": _template("page.css"),
        "/*JS*/": _template("page.js"),
        "/*LICENCE*/": LICENCE.read_text(encoding="utf-8"),
        "/*FACTS*/": json.dumps(facts).replace("<", "\\u003c"),  # a label may hold "</script>"
        "/*ENGINE*/": _base64(ENGINE.read_bytes()),
        "/*WASM*/": _base64(WASM.read_bytes()),
        "/*NETWORK*/": _base64(gzip.compress(network.read_bytes(), mtime=0)),
    }
    page = _template("page.html")
    for mark, content in parts.items():  # each mark once, and never in what was put in: base64 and JSON have none
        before, _, after = page.partition(mark)
        page = f"{before}{content}{after}"
    return page


def _template(file: str) -> str:
    return (TEMPLATE / file).read_text(encoding="utf-8")


def _base64(content: bytes) -> str:
    return base64.b64encode(content).decode()
