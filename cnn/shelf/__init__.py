"""The shelf: networks that a person made, under names of their own, beside those of the zoo. No TensorFlow.

May import `atomic_files`, `home` and `zoo`.
"""

from cnn.shelf.shelf import (
    LONGEST_DESCRIPTION,
    LONGEST_TITLE,
    Shelf,
    ShelfEntry,
    checked_title,
    is_own,
    load_own_network,
    network_folder,
    read_own_card,
    shelf_folder,
)

__all__ = [
    "LONGEST_DESCRIPTION",
    "LONGEST_TITLE",
    "Shelf",
    "ShelfEntry",
    "checked_title",
    "is_own",
    "load_own_network",
    "network_folder",
    "read_own_card",
    "shelf_folder",
]
