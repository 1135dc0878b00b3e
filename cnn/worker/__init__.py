"""The long-lived process that computes gradients, and the client that asks it.

May import `attribution`, `backpropagation`, `export`, `keras_backend`, `layers`, `progress`, `runs` and `zoo`.
"""
