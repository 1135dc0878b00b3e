"""From Keras to what answers without it, and back: LiteRT files, every layer's output, Keras twins of shipped networks.

May import `architectures`, `zoo`, `graph`, `layers` and `keras_backend`.
"""
