"""The tests. A package of its own name: tf2onnx and tf-keras-vis install a `tests`, too, which would win."""
