"""Batch normalisation that trains fast does what Keras' does."""

from __future__ import annotations

from contextlib import nullcontext
from typing import Any

import numpy as np
import pytest
from keras import layers

from cnn.architectures.batch_norm import BatchNormalization, one_operation
from cnn.keras_backend import keras, tf

SHAPE = (16, 12, 10)  # batch, height, width


def trained_once(layer: keras.layers.Layer, channels: int) -> dict[str, Any]:
    """Give `layer` weights and one batch; return what it answers, its gradients and its averages."""
    rng = np.random.default_rng(0)
    given = tf.constant(rng.normal(2, 3, (*SHAPE, channels)).astype(np.float32))
    pull = tf.constant(rng.normal(size=(*SHAPE, channels)).astype(np.float32))
    layer.build(given.shape)
    layer.gamma.assign(rng.uniform(0.5, 2, channels))
    layer.beta.assign(rng.normal(size=channels))
    with tf.GradientTape() as tape:
        tape.watch(given)
        answer = layer(given, training=True)
        loss = tf.reduce_sum(answer * pull)
    inputs, gamma, beta = tape.gradient(loss, [given, layer.gamma.value, layer.beta.value])
    with one_operation():
        quick = layer(given)
    found = {"quick": quick, "answer": answer, "inputs": inputs, "gamma": gamma, "beta": beta}
    averages = {"mean": layer.moving_mean.value, "variance": layer.moving_variance.value}
    return {name: np.asarray(value) for name, value in (found | averages | {"later": layer(given)}).items()}


@pytest.mark.parametrize("channels", [16, 32, 24, 3])
def test_it_answers_learns_and_remembers_as_keras_does(channels: int) -> None:
    ours, theirs = (trained_once(kind(), channels) for kind in (BatchNormalization, layers.BatchNormalization))
    for name, expected in theirs.items():
        np.testing.assert_allclose(ours[name], expected, rtol=1e-3, atol=1e-3, err_msg=name)


@pytest.mark.parametrize(("channels", "fused"), [(16, True), (64, True), (24, False)])
def test_whole_lanes_are_normalised_in_one_operation(channels: int, fused: bool) -> None:
    layer = BatchNormalization()
    layer.build((None, 6, 5, channels))
    traced = tf.function(lambda maps: layer(maps, training=True)).get_concrete_function(
        tf.TensorSpec((None, 6, 5, channels))
    )
    assert any(operation.type == "FusedBatchNormV3" for operation in traced.graph.get_operations()) is fused


def test_what_is_exported_answers_by_the_operations_of_keras() -> None:
    layer = BatchNormalization()
    layer.build((None, 6, 5, 16))
    maps = tf.TensorSpec((None, 6, 5, 16))
    found = []
    for way in (nullcontext, one_operation):
        with way():
            traced = tf.function(layer).get_concrete_function(maps)
        found.append(any(operation.type == "FusedBatchNormV3" for operation in traced.graph.get_operations()))
    assert found == [False, True]


def test_half_precision_keeps_its_weights_in_full() -> None:
    layer = BatchNormalization(dtype="mixed_bfloat16")
    maps = tf.cast(np.random.default_rng(0).normal(size=(*SHAPE, 16)), tf.bfloat16)
    assert layer(maps, training=True).dtype == tf.bfloat16
    assert {weight.dtype for weight in layer.weights} == {"float32"}


def test_it_is_written_and_read_as_keras_does() -> None:
    model = keras.Sequential([keras.Input((6, 5, 16)), BatchNormalization(name="norm")])
    assert type(model.layers[0]).__name__ == "BatchNormalization"  # by which the graph and the files of weights know it
    assert BatchNormalization.from_config(model.layers[0].get_config()).epsilon == model.layers[0].epsilon
