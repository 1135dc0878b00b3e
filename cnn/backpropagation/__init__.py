"""One step of training with its numbers: a weight's gradient as a sum over places, and the update by the optimizer.

May import `keras_backend` and `runs`.
"""
