"""What a model file may not do is found before Keras sees it, and told in a sentence."""

from __future__ import annotations

import io
import json
import re
import zipfile
from pathlib import Path

import numpy as np
import pytest

from cnn.errors import BadInput
from cnn.importing import file_checks
from cnn.importing.file_checks import CustomLayers
from tests.support.model_files import arrays, declared, keras_file, layer, linked, outside, sequential, whole_h5

KNOWN = {"InputLayer", "Sequential", "Dense", "Conv2D", "Functional"}
DENSE = sequential(layer("Dense", "d", units=2))
LEAN = b"\0" * (50 * 2**20)


def refused(path: Path, content: bytes, name: str = "a.keras") -> str:
    """Give the sentence with which a file is refused; nothing is written beside it."""
    place = path / name
    place.write_bytes(content)
    with pytest.raises(BadInput) as said:
        if name.endswith(".keras"):
            config, _, weights = file_checks.read_keras_archive(place)
            file_checks.check_layers(config, KNOWN)
            (path / "w.h5").write_bytes(weights)
            file_checks.check_hdf5(path / "w.h5")
        else:
            file_checks.check_layers(file_checks.read_h5_config(place), KNOWN)
    assert {one.name for one in path.iterdir()} <= {name, "w.h5"}
    assert str(said.value).rstrip().endswith((".", ")"))
    return str(said.value)


def symlinked() -> bytes:
    content = keras_file(DENSE)
    with zipfile.ZipFile(made := io.BytesIO(content), "a") as archive:
        link = zipfile.ZipInfo("assets/a")
        link.external_attr = 0o120777 << 16
        archive.writestr(link, "/etc/passwd")
    return made.getvalue()


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (keras_file(sequential(layer("Lambda", "magic", function={"class_name": "__lambda__"}))), "it can run code"),
        (keras_file(sequential(layer("Dense", "d", activation={"class_name": "__lambda__"}))), "it can run code"),
        (keras_file(sequential(layer("TFSMLayer", "saved", filepath="/tmp/x"))), "it can run code"),
        (keras_file(sequential(layer("StringLookup", "words", vocabulary="/etc/passwd"))), "it can run code"),
        (keras_file(sequential(layer("Swirl", "my_layer", "__main__", "Custom>Swirl"))), r"my_layer \(Swirl\)"),
        (keras_file(sequential(layer("Dense", "d", "os"))), "not in the file"),
        (keras_file(sequential(layer("Dense", "d", registered="evil>Dense"))), "not in the file"),
        (keras_file(DENSE, more={"../../outside.txt": b"x"}), "holds '../../outside.txt'"),
        (keras_file(DENSE, more={"assets/../../x": b"x"}), "way out|holds 'assets"),
        (keras_file(DENSE, more={"/etc/cron.d/x": b"x"}), "holds '/etc"),
        (keras_file(DENSE, more={"data.pkl": b"\x80\x04."}), r"holds 'data\.pkl'"),
        (symlinked(), "holds 'assets/a'"),
        (keras_file(DENSE, LEAN), "would unfold to"),
        (keras_file(DENSE)[:-40], "no whole .keras file"),
        (keras_file("{"), "damaged"),
        (keras_file("[" * 100_000), "damaged"),
        (keras_file("[]"), "no description"),
        (b"\x80\x04cos\nsystem\n.", "no whole .keras file"),
        (keras_file(DENSE, b"no arrays"), "cannot be read"),
        (keras_file(DENSE, declared((800_000_000,))), "declares 3,052 MB"),
        (keras_file(DENSE, declared((2**40,))), "declares 4,194,304 MB"),
        (keras_file(DENSE, linked()), "a link to somewhere else"),
        (keras_file(DENSE, outside()), "lies in another file"),
    ],
)
def test_a_keras_file_is_refused_in_a_sentence(tmp_path: Path, content: bytes, said: str) -> None:
    found = refused(tmp_path, content)
    assert re.search(said, found), found


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (arrays({"kernel": np.zeros(3)}), "weights alone"),
        (b"\x89HDF\r\n\x1a\n" + bytes(500), "cannot be read"),
        (whole_h5(DENSE, declared((2**40,))), "declares"),
        (whole_h5(DENSE, linked()), "a link"),
        (whole_h5({"class_name": "Sequential", "config": [{"class_name": "Lambda", "config": {}}]}), "run code"),
        (whole_h5("no json"), "damaged"),
    ],
)
def test_an_h5_file_is_refused_in_a_sentence(tmp_path: Path, content: bytes, said: str) -> None:
    assert said in refused(tmp_path, content, "a.h5")


def test_what_is_left_out_of_a_configuration_is_only_what_training_needs(tmp_path: Path) -> None:
    (tmp_path / "a.keras").write_bytes(keras_file(DENSE | {"compile_config": {"class_name": "Lambda"}}))
    config, _, _ = file_checks.read_keras_archive(tmp_path / "a.keras")
    file_checks.check_layers(config, KNOWN)
    assert json.dumps(config) == json.dumps(DENSE)


def test_custom_layers_are_listed_by_name() -> None:
    with pytest.raises(CustomLayers, match=r"2 layers .*one \(Swirl\).*two \(Whirl\).*own layers"):
        file_checks.check_layers(sequential(layer("Swirl", "one", "m"), layer("Whirl", "two", "m")), KNOWN)
