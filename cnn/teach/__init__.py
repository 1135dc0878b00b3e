"""Classes of one's own on the frozen features of a network: a head, how good it is, and what is none of them.

May import `atomic_files`, `home`, `media`, `metrics`, `inference` and `zoo`.
"""

from cnn.teach.answers import classify_with_taught
from cnn.teach.classifier import TaughtClassifier, teach_classes
from cnn.teach.classifier_file import classifier_names, load_classifier, save_classifier
from cnn.teach.near_duplicates import near_duplicates
from cnn.teach.photo_classes import PhotoClasses, embed_folder

__all__ = [
    "PhotoClasses",
    "TaughtClassifier",
    "classifier_names",
    "classify_with_taught",
    "embed_folder",
    "load_classifier",
    "near_duplicates",
    "save_classifier",
    "teach_classes",
]
