"""Pictures with labels: MNIST, Fashion-MNIST, CIFAR-10, one's own; invented handwriting, augmentation, what ships.

May import `atomic_files`, `home`, `keras_backend`, `media` and `preprocessing`.
"""
