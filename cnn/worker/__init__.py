"""The long-lived process that computes gradients, and the client that asks it.

May import `attribution`, `export`, `layers`, `zoo`, `keras_backend` and `progress`.
"""
