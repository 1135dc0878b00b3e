"""Train a network with Keras, resumable to the bit, and ship it.

May import `datasets`, `evaluation`, `export`, `zoo` and `keras_backend`.
"""
