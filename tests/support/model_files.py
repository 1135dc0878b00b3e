"""Files of networks, good and malicious, made without TensorFlow."""

from __future__ import annotations

import io
import json
import zipfile
from collections.abc import Mapping
from typing import Any

import h5py
import numpy as np

METADATA = json.dumps({"keras_version": "3.15.1", "date_saved": "2026-11-28@12:00:00"})


def layer(kind: str, name: str, module: str = "keras.layers", registered: str | None = None, **config: Any) -> Any:
    described = {"module": module, "class_name": kind, "config": {"name": name, **config}}
    return {**described, "registered_name": registered}


def sequential(*layers: Any) -> dict[str, Any]:
    given = layer("InputLayer", "in", batch_shape=[None, 8, 8, 1], dtype="float32")
    return layer("Sequential", "s", "keras", layers=[given, *layers])


def arrays(content: Mapping[str, np.ndarray] | None = None) -> bytes:
    made = io.BytesIO()
    with h5py.File(made, "w") as file:
        for name, values in (content or {}).items():
            file[name] = values
    return made.getvalue()


def keras_file(config: Any, weights: bytes | None = None, more: Mapping[str, bytes] | None = None) -> bytes:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("metadata.json", METADATA)
        archive.writestr("config.json", config if isinstance(config, str) else json.dumps(config))
        archive.writestr("model.weights.h5", arrays() if weights is None else weights)
        for name, content in (more or {}).items():
            archive.writestr(name, content)
    return made.getvalue()


def declared(shape: tuple[int, ...]) -> bytes:
    """Make a small HDF5 file that declares numbers which it does not hold."""
    made = io.BytesIO()
    with h5py.File(made, "w") as file:
        file.create_dataset("layers/dense/vars/0", shape, "float32", chunks=(1024,) * len(shape), compression="gzip")
    return made.getvalue()


def linked() -> bytes:
    made = io.BytesIO()
    with h5py.File(made, "w") as file:
        file["layers"] = h5py.ExternalLink("/etc/hostname", "/")
    return made.getvalue()


def outside() -> bytes:
    """Make one whose numbers lie in another file of this machine."""
    made = io.BytesIO()
    with h5py.File(made, "w") as file:
        file.create_dataset("kernel", (8,), "uint8", external=[("/etc/hostname", 0, 8)])
    return made.getvalue()


def whole_h5(config: Any, content: bytes | None = None) -> bytes:
    made = io.BytesIO(arrays() if content is None else content)
    with h5py.File(made, "r+") as file:
        file.attrs["model_config"] = config if isinstance(config, str) else json.dumps(config)
    return made.getvalue()
