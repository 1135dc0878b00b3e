"""What a person has told Keras to do, in a file that all of their programs share. Only the standard library."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from pathlib import Path

from cnn import keras_settings
from cnn.doctor.finding import Finding, short_path

ADVICE = "ConvScope sets what it needs by itself and leaves this as it is; other programs follow it."


def check_keras() -> Iterator[Finding]:
    """Name the file and the variables that ask for something else than our networks need."""
    file = keras_settings.home() / "keras.json"
    told = [*_in_file(file), *_in_variables()]
    for what in told:
        yield Finding("Keras", what, "note", ADVICE)
    if not told:
        yield Finding("Keras", "runs on TensorFlow, as everything expects.")


def _in_file(file: Path) -> Iterator[str]:
    try:
        settings = json.loads(file.read_text("utf-8"))
    except FileNotFoundError:
        return
    except (OSError, ValueError, RecursionError):
        settings = None
    if not isinstance(settings, dict):
        yield f"{short_path(file)} cannot be read."
        return
    others = [
        f"{name} {settings[name]}" for name, ours in keras_settings.NEEDED.items() if settings.get(name, ours) != ours
    ]
    if others:
        yield f"{short_path(file)} asks for {', '.join(others)}."


def _in_variables() -> Iterator[str]:
    for name, ours in keras_settings.VARIABLES.items():
        if (value := os.environ.get(name)) and value != ours:
            yield f"the environment variable {name} asks for {value}."
