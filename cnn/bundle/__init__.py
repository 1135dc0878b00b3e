"""A network to take home: one zip with three formats, the preprocessing inside each, and the proof that they agree.

May import `architectures`, `atomic_files`, `datasets`, `evaluation`, `export`, `home`, `inference`, `keras_backend`,
`keras_settings`, `layers`, `machine_memory`, `media`, `metrics`, `shelf` and `zoo`.
"""
