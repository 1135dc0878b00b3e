"""Trainings that one watches: their settings, frames, checkpoints and table, and the processes that carry them out.

May import `architectures`, `atomic_files`, `datasets`, `evaluation`, `export`, `graph`, `home`, `keras_backend`,
`layers`, `machine_memory`, `shelf` and `zoo`.
"""
