"""An .onnx file as PyTorch writes it becomes layers of Keras that answer as ONNX Runtime does."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import onnx
import pytest
from onnx import TensorProto, helper, numpy_helper

from cnn.errors import BadInput

SIDE, CLASSES = 12, 4


def network(last: str = "Softmax", external: bool = False) -> bytes:
    """Write a small network as PyTorch does: channels first, and maps flattened before the dense layer."""
    rng, made = np.random.default_rng(3), dict[str, np.ndarray]()

    def held(name: str, *shape: int) -> str:
        made[name] = np.asarray(rng.normal(0, 0.3, shape), np.float32)
        return name

    made |= {"zero": np.float32(0), "six": np.float32(6), "row": np.array([0, -1], np.int64)}
    made["variance"] = np.asarray(rng.uniform(0.5, 1, 8), np.float32)
    node = helper.make_node
    normal = [held(name, 8) for name in ("gamma", "beta", "mean")]
    nodes = [
        node("Sub", ["image", held("colour", 1, 3, 1, 1)], ["a"]),
        node("Div", ["a", held("spread", 3, 1, 1)], ["b"]),
        node("Conv", ["b", held("w1", 8, 3, 3, 3), held("b1", 8)], ["c"], pads=[1, 1, 1, 1], strides=[1, 1]),
        node("BatchNormalization", ["c", *normal, "variance"], ["d"], epsilon=1e-4),
        node("Relu", ["d"], ["e"]),
        node("MaxPool", ["e"], ["f"], kernel_shape=[3, 3], strides=[2, 2], pads=[1, 1, 1, 1]),
        node("Conv", ["f", held("w2", 8, 1, 3, 3)], ["g"], group=8, pads=[1, 1, 1, 1]),
        node("Clip", ["g", "zero", "six"], ["h"]),
        node("Conv", ["h", held("w3", 8, 4, 1, 1)], ["i"], group=2),
        node("Add", ["i", "f"], ["j"]),
        node("Concat", ["j", "f"], ["k"], axis=1),
        node("AveragePool", ["k"], ["l"], kernel_shape=[2, 2], strides=[2, 2]),
        node("Reshape", ["l", "row"], ["m"]),
        node("Gemm", ["m", held("w4", 10, 16 * 3 * 3), held("b4", 10)], ["n"], transB=1),
        node("Tanh", ["n"], ["o"]),
        node("Dropout", ["o"], ["p"]),
        node("MatMul", ["p", held("w5", 10, CLASSES)], ["q"]),
        node("Add", ["q", held("b5", CLASSES)], ["r"]),
        node(last, ["r"], ["s"]),
    ]
    weights = [numpy_helper.from_array(values, name) for name, values in made.items()]
    if external:
        weights[0].data_location = TensorProto.EXTERNAL
        weights[0].external_data.add(key="location", value="/etc/hostname")
    image = helper.make_tensor_value_info("image", TensorProto.FLOAT, ["n", 3, SIDE, SIDE])
    answer = helper.make_tensor_value_info("s", TensorProto.FLOAT, ["n", CLASSES])
    graph = helper.make_graph(nodes, "small", [image], [answer], weights)
    return helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)], ir_version=8).SerializeToString()


def read(folder: Path, content: bytes) -> Any:
    from cnn.importing.onnx_file import load_onnx_file

    (folder / "file.onnx").write_bytes(content)
    return load_onnx_file(folder / "file.onnx")


def test_its_layers_answer_as_onnx_runtime_does(tmp_path: Path) -> None:
    """`load_onnx_file` compares both itself; the answer is that of the file with its channels moved."""
    import onnxruntime

    model = read(tmp_path, network())
    assert model.input_shape == (None, SIDE, SIDE, 3)
    images = np.random.default_rng(1).random((3, SIDE, SIDE, 3), np.float32)
    session = onnxruntime.InferenceSession(network(), providers=["CPUExecutionProvider"])
    wanted = session.run(None, {"image": images.transpose(0, 3, 1, 2)})[0]
    assert np.allclose(np.asarray(model(images)), wanted, atol=1e-4)
    assert wanted.std(axis=0).max() > 1e-3  # else all pictures would be answered alike


def of_any_batch() -> bytes:
    """Write what PyTorch does for a batch of any size, with copies of weights, and less common operations."""
    rng, node = np.random.default_rng(5), helper.make_node
    made = {
        "w": rng.normal(0, 0.4, (6, 3, 3, 3)),
        "slopes": rng.uniform(0.1, 0.5, (6, 1, 1)),
        "dense": rng.normal(0, 0.4, (CLASSES, 6 * 3 * 3)),
    }
    weights = [numpy_helper.from_array(np.asarray(values, np.float32), name) for name, values in made.items()]
    numbers = {"around": [0, 0, 1, 0, 0, 0, 0, 1], "first": 0, "axis": [0], "rest": [-1]}
    weights += [numpy_helper.from_array(np.array(values, np.int64), name) for name, values in numbers.items()]
    nodes = [
        node("Identity", ["w"], ["copy"]),
        node("Pad", ["image", "around"], ["a"]),
        node("Conv", ["a", "copy"], ["b"], strides=[2, 2]),
        node("LeakyRelu", ["b"], ["c"], alpha=0.2),
        node("PRelu", ["c", "slopes"], ["d"]),
        node("Sigmoid", ["d"], ["e"]),
        node("MaxPool", ["e"], ["f"], kernel_shape=[2, 2], strides=[2, 2], ceil_mode=1),
        node("Shape", ["f"], ["g"]),
        node("Gather", ["g", "first"], ["h"]),
        node("Unsqueeze", ["h", "axis"], ["i"]),
        node("Concat", ["i", "rest"], ["j"], axis=0),
        node("Reshape", ["f", "j"], ["k"]),
        node("Gemm", ["k", "dense"], ["l"], transB=1),
        node("Elu", ["l"], ["m"]),
        node("LogSoftmax", ["m"], ["s"], axis=1),
    ]
    image = helper.make_tensor_value_info("image", TensorProto.FLOAT, ["n", 3, SIDE, SIDE])
    answer = helper.make_tensor_value_info("s", TensorProto.FLOAT, ["n", CLASSES])
    graph = helper.make_graph(nodes, "any", [image], [answer], weights)
    return helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)], ir_version=8).SerializeToString()


def test_shapes_that_a_file_works_out_and_copies_of_weights_are_read(tmp_path: Path) -> None:
    """As PyTorch writes `x.view(x.size(0), -1)`; `load_onnx_file` compares the answers itself."""
    from cnn.importing.flat_model import flatten_model

    flat = flatten_model(read(tmp_path, of_any_batch()))
    assert flat.ending == "log_softmax"
    assert type(flat.model.layers[-1]).__name__ != "Activation"


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (network(external=True), "another file"),
        (network("Hardmax"), r"Hardmax \(1 times\)"),
        (network()[:300], "cannot be read|declares"),
        (b"", "inputs"),
        (b"\x80\x04cos\nsystem\n.", "cannot be read"),
    ],
)
def test_what_is_not_read_is_a_sentence(tmp_path: Path, content: bytes, said: str) -> None:
    with pytest.raises(BadInput, match=said):
        read(tmp_path, content)


def test_a_tensor_that_declares_gigabytes_is_refused(tmp_path: Path) -> None:
    whole = onnx.load_model_from_string(network())
    del whole.graph.initializer[0].dims[:]
    whole.graph.initializer[0].dims.extend([3, 2**28])
    with pytest.raises(BadInput, match="declares 3,07"):
        read(tmp_path, whole.SerializeToString())
