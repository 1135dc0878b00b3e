"""Files that Keras 2 wrote, as Teachable Machine and most transfer learning have them."""

from __future__ import annotations

import io
from pathlib import Path
from typing import Any

import h5py
import numpy as np

from cnn.importing import file_checks
from tests.support.model_files import whole_h5


def old(kind: str, name: str, calls: Any = None, **config: Any) -> dict[str, Any]:
    made: dict[str, Any] = {"class_name": kind, "config": {"name": name, **config}}
    return made if calls is None else made | {"name": name, "inbound_nodes": [[[*call, {}] for call in calls]]}


def functional(name: str, layers: list[Any], last: str, number: int = 0, **more: Any) -> dict[str, Any]:
    given = old("InputLayer", f"{name}_in", batch_input_shape=[None, 8, 8, 3]) | {
        "name": f"{name}_in",
        "inbound_nodes": [],
    }
    ends = {"input_layers": [[f"{name}_in", 0, 0]], "output_layers": [[last, number, 0]]}
    return old("Functional", name, layers=[given, *layers], **ends) | more


def weightless(config: Any) -> bytes:
    made = io.BytesIO(whole_h5(config))
    with h5py.File(made, "r+") as file:
        file.create_group("model_weights").attrs["layer_names"] = []
    return made.getvalue()


def answer(config: Any, folder: Path, picture: np.ndarray) -> np.ndarray:
    from cnn.importing.flat_model import flatten_model
    from cnn.importing.keras_file import load_keras_file

    (folder / "old.h5").write_bytes(weightless(config))
    flat = flatten_model(load_keras_file(folder / "old.h5", folder))
    return np.asarray(flat.model(picture[None]))[0]


def test_models_inside_models_are_found_and_called(tmp_path: Path) -> None:
    """Keras 3 looked for the second call of the inner one, and handed a list of one to the layer behind it as two."""
    picture = np.random.default_rng(0).random((8, 8, 3), np.float32)
    wanted = picture.mean((0, 1)) * 2
    twice = [old("Rescaling", "twice", [("inner_in", 0, 0)], scale=2.0, offset=0.0)]
    inner = functional("inner", twice, "twice")
    pooled = old("GlobalAveragePooling2D", "mean", [("inner", 1, 0)])
    call = {"name": "inner", "inbound_nodes": [[["outer_in", 0, 0, {}]]]}
    outer = functional("outer", [inner | call, pooled], "mean")
    assert np.allclose(answer(outer, tmp_path, picture), wanted, atol=1e-5)

    of_keras_2 = {"module": "tf_keras.src.engine.functional", "registered_name": "Functional"}
    given = old("InputLayer", "given", batch_input_shape=[None, 8, 8, 3])
    chain = old("Sequential", "chain", layers=[given, inner | of_keras_2, old("GlobalAveragePooling2D", "mean")])
    assert np.allclose(answer(chain, tmp_path, picture), wanted, atol=1e-5)


def test_a_place_of_keras_2_is_no_way_to_other_code() -> None:
    assert file_checks.MODULES.fullmatch("keras.src.engine.functional")
    assert not file_checks.MODULES.fullmatch("tf_keras.src.utils.get_file")
