"""Many trainings from one line: every architecture, learning rate and seed of a grid, on Ray Tune where it is there.

May import `architectures`, `atomic_files`, `datasets`, `home` and `runs`.
"""
