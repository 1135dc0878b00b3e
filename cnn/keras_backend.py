"""Keras on TensorFlow with oneDNN on, as our networks need it. Importing this takes seconds: only where one trains.

Without AVX-512 TensorFlow leaves oneDNN off by default, and trains 1.5 to 4 times slower.
"""

import os

from cnn import keras_settings

os.environ["TF_ENABLE_ONEDNN_OPTS"] = "1"
os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")

with keras_settings.needed():
    import keras
    import tensorflow as tf
    from keras.src.backend import config

config._KERAS_DIR = str(keras_settings.home())  # downloads go where Keras puts them for everybody

__all__ = ["keras", "seed_everything", "tf"]


def seed_everything(seed: int) -> None:
    """Make whatever follows repeat itself, to the bit, on the same machine."""
    keras.utils.set_random_seed(seed)
    tf.config.experimental.enable_op_determinism()
