"""From Keras to what answers without it, and back: LiteRT files, every layer's output, Keras twins of shipped networks.

May import `architectures`, `atomic_files`, `graph`, `keras_backend`, `layers` and `zoo`.
"""
