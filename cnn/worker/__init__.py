"""The long-lived process that computes gradients, and the client that asks it.

May import `attribution`, `export`, `keras_backend`, `layers`, `progress` and `zoo`.
"""
