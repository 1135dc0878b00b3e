"""Which parts of a picture speak for a class: class activation maps, gradients, occlusion, and whether to trust them.

Gradients need TensorFlow, so they are computed in a process of their own (`cnn.worker`).
May import `architectures`, `keras_backend`, `metrics` and `progress`.
"""
