"""A keras.json of somebody else's: the doctor names it, and our processes do not follow it."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from cnn import keras_settings
from cnn.doctor.keras_configuration import check_keras
from cnn.paths import ROOT

FOREIGN = {"backend": "jax", "floatx": "float16", "image_data_format": "channels_first", "epsilon": 1e-3}


@pytest.fixture(autouse=True)
def place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    for name in keras_settings.VARIABLES:
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("KERAS_HOME", str(tmp_path))
    return tmp_path / "keras.json"


@pytest.mark.parametrize("file", [None, "{}", json.dumps(dict(keras_settings.NEEDED)), '{"backend": "tensorflow"}'])
def test_what_keras_does_by_itself_is_fine(place: Path, file: str | None) -> None:
    if file:
        place.write_text(file)
    assert [finding.state for finding in check_keras()] == ["fine"]


@pytest.mark.parametrize("name", FOREIGN)
def test_a_file_that_asks_for_something_else_is_named(place: Path, name: str) -> None:
    place.write_text(json.dumps({name: FOREIGN[name]}))
    (finding,) = check_keras()
    assert finding.state == "note"
    assert str(place) in finding.what
    assert f"{name} {FOREIGN[name]}" in finding.what


@pytest.mark.parametrize("file", ["not JSON", "[]", "7", "", "[" * 100_000])
def test_a_file_that_cannot_be_read_is_named(place: Path, file: str) -> None:
    place.write_text(file)
    (finding,) = check_keras()
    assert finding.state == "note"
    assert str(place) in finding.what


@pytest.mark.parametrize(("name", "value"), [("KERAS_BACKEND", "torch"), ("KERAS_MAX_EPOCHS", "1")])
def test_a_variable_is_named(monkeypatch: pytest.MonkeyPatch, name: str, value: str) -> None:
    monkeypatch.setenv(name, value)
    (finding,) = check_keras()
    assert finding.state == "note"
    assert f"{name} asks for {value}" in finding.what


TRAINED = """
import json, numpy as np
from cnn.architectures import ARCHITECTURES
from cnn.keras_backend import keras
network = ARCHITECTURES["lenet"].build((28, 28, 1), 10)
print(json.dumps([
    network.output.dtype, network(np.zeros((2, 28, 28, 1), np.float32)).shape[1], keras.config.backend(),
    keras.config.floatx(), keras.config.image_data_format(), keras.config.epsilon(), keras.config.max_epochs(),
    keras.src.utils.file_utils.config.keras_home(),
]))
"""


def test_our_processes_follow_no_file_and_no_variable(place: Path) -> None:
    """Nor does a file stop them that keeps Keras from loading, as float8 does."""
    place.write_text(file := json.dumps(FOREIGN | {"floatx": "float8"}))
    told = os.environ | {"KERAS_BACKEND": "jax", "KERAS_MAX_EPOCHS": "1"}
    done = subprocess.run(
        [sys.executable, "-c", TRAINED], cwd=ROOT, env=told, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr[-2000:]
    ours = ["float32", 10, "tensorflow", "float32", "channels_last", 1e-7, None, str(place.parent)]
    assert json.loads(done.stdout) == ours
    assert place.read_text() == file


def test_settings_are_put_back(monkeypatch: pytest.MonkeyPatch) -> None:
    before = dict(os.environ)
    with keras_settings.needed():
        assert os.environ["KERAS_HOME"] == keras_settings.NOWHERE
    assert os.environ.pop("KERAS_BACKEND") == "tensorflow"
    assert dict(os.environ) == before
