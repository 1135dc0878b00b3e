"""Pictures with labels: MNIST, CIFAR-10, invented handwriting, augmentation, and the sets that come with the app.

May import `keras_backend` and `preprocessing`.
"""
