"""Train a network with Keras, resumable to the bit, and ship it.

May import `architectures`, `atomic_files`, `datasets`, `evaluation`, `export`, `keras_backend` and `zoo`.
"""
