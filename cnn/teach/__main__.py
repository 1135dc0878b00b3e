"""The process that makes a network of what was taught: `python -m cnn.teach PERSON NETWORK TITLE`. It loads TensorFlow.

It reads a person's collection, learns its classes on the features of the network, and puts the result on the shelf. A
line of JSON on standard output says what came of it: `{"name": ..., "title": ...}`, or `{"why": ...}`.
"""

from __future__ import annotations

import json
import os
import sys

from cnn.errors import ConvScopeError
from cnn.shelf import Shelf
from cnn.teach import teach_classes
from cnn.teach.collection import Collection

NICENESS = 10  # answers to people go before


def main(person: str, network: str, title: str) -> int:
    """Make the network."""
    out = os.fdopen(os.dup(1), "w")
    os.dup2(2, 1)  # standard output is for the server: what libraries print goes to standard error
    if hasattr(os, "nice"):
        os.nice(NICENESS)
    from cnn.teach.keep import keep_classifier  # seconds: TensorFlow

    said: dict[str, str]
    try:
        seen = Collection(person).embedded(network)
        entry = keep_classifier(teach_classes(network, seen.classes, seen.features, seen.labels), title, Shelf())
        Shelf().claim(entry, person)
        said = {"name": entry.name, "title": entry.title}
    except ConvScopeError as error:
        said = {"why": str(error)}
    print(json.dumps(said), file=out, flush=True)
    return 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:4]))
