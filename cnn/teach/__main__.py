"""The process that makes a network of what was taught: `python -m cnn.teach PERSON NETWORK TITLE [--fine-tune]`.

It loads TensorFlow, reads a person's collection, learns its classes on the features of the network, and puts the result
on the shelf. It says what comes of it in lines of JSON on standard output: `{"done": ..., "of": ...}` while its last
block learns, or after each step where that does not; then what `MadeNetwork` holds, or `{"why": ...}`. It ends when its
standard input does.
"""

from __future__ import annotations

import json
import os
import sys
from dataclasses import asdict
from threading import Thread
from typing import Any

from cnn import zoo
from cnn.errors import ConvScopeError
from cnn.media import image_decoding
from cnn.shelf import Shelf, network_folder
from cnn.teach import teach_classes
from cnn.teach.background import background_of
from cnn.teach.collection import Collection
from cnn.teach.network_process import FINE_TUNE, MadeNetwork

NICENESS = 10  # answers to people go before


def main(person: str, network: str, title: str, fine_tune: str = "") -> int:
    """Make the network."""
    out = os.fdopen(os.dup(1), "w")
    os.dup2(2, 1)  # standard output is for the server: what libraries print goes to standard error
    if hasattr(os, "nice"):
        os.nice(NICENESS)

    def say(said: dict[str, Any]) -> None:
        print(json.dumps(said), file=out, flush=True)

    Thread(target=_end_with_the_server, daemon=True).start()
    try:
        say(asdict(_made(person, network, title, fine_tune == FINE_TUNE, say)))
    except ConvScopeError as error:
        say({"why": str(error)})
    return 0


def _end_with_the_server() -> None:
    sys.stdin.read()
    os._exit(1)


def _made(person: str, network: str, title: str, fine_tune: bool, say: Any) -> MadeNetwork:
    from cnn.teach.keep import STEPS, keep_classifier  # seconds: TensorFlow

    collection = Collection(person)
    seen = collection.embedded(network)
    background = background_of(zoo.load_network(network, network_folder(network)))
    taught = teach_classes(network, seen.classes, seen.features, seen.labels, background)
    weights = None
    figures: dict[str, Any] = {}
    if not fine_tune:  # which takes most of the time, and tells of itself
        say({"done": 1, "of": STEPS + 1})
    else:
        from cnn.teach import fine_tuning

        told = -1

        def count(done: int, of: int) -> None:
            nonlocal told
            if (percent := 100 * done // of) > told:
                told = percent
                say({"done": done, "of": of})

        def picture(at: int) -> Any:
            name, content = collection.picture(seen.ids[at])
            return image_decoding.decode_image(content, name).pixels

        tuned = fine_tuning.fine_tune(taught, picture, count)
        taught, weights, figures = tuned.taught, tuned.weights, tuned.figures()

    def kept(done: int, of: int) -> None:
        if not fine_tune:
            say({"done": done + 1, "of": of + 1})

    entry = keep_classifier(taught, title, Shelf(), weights=weights, on_step=kept)
    Shelf().claim(entry, person)
    return MadeNetwork(entry.name, entry.title, **figures)


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:5]))
