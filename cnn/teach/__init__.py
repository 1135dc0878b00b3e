"""Classes of one's own on the frozen features of a network: a head, how good it is, and what is none of them.

May import `architectures`, `atomic_files`, `datasets`, `export`, `home`, `inference`, `keras_backend`,
`keras_settings`, `media`, `metrics`, `shelf` and `zoo`.
"""

from cnn.teach.classifier import TaughtClassifier, teach_classes
from cnn.teach.near_duplicates import near_duplicates
from cnn.teach.photo_classes import PhotoClasses, embed_folder

__all__ = ["PhotoClasses", "TaughtClassifier", "embed_folder", "near_duplicates", "teach_classes"]
