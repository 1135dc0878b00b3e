"""The model zoo: shipped and fetched networks, their cards, their checksums, and the engine that runs them.

The only room that loads a network; everything else is handed one.
May import `architectures`, `atomic_files` and `metrics`.
"""

from cnn.zoo.networks import (
    BACKGROUND_FILE,
    FEATURES_FILE,
    LAYERS_TFLITE,
    NEIGHBOURS,
    NETWORKS_FOLDER,
    OTHER_THINGS,
    OTHER_THINGS_CROPS,
    OTHER_THINGS_PHOTOS,
    OWN,
    OWN_CLASSES,
    Card,
    Network,
    answering_networks,
    has_classifier,
    load_network,
    network_names,
    read_card,
    read_model,
)

__all__ = [
    "BACKGROUND_FILE",
    "FEATURES_FILE",
    "LAYERS_TFLITE",
    "NEIGHBOURS",
    "NETWORKS_FOLDER",
    "OTHER_THINGS",
    "OTHER_THINGS_CROPS",
    "OTHER_THINGS_PHOTOS",
    "OWN",
    "OWN_CLASSES",
    "Card",
    "Network",
    "answering_networks",
    "has_classifier",
    "load_network",
    "network_names",
    "read_card",
    "read_model",
]
