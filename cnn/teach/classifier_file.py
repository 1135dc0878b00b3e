"""A taught classifier as a file: arrays and JSON, no pickle. No TensorFlow."""

from __future__ import annotations

import io
import json
import re
from pathlib import Path
from typing import Final
from zipfile import BadZipFile

import numpy as np

from cnn.atomic_files import write_bytes
from cnn.errors import BadInput, BrokenNetwork, DiskFull, UnknownName
from cnn.home import home_folder, make_home
from cnn.teach.classifier import TaughtClassifier
from cnn.teach.linear_head import LinearHead

FOLDER: Final = "classes"  # in the folder of a person's own networks
ENDING: Final = ".npz"
NAME_FORM: Final = re.compile(r"\w[\w -]{0,59}")  # no dot and no slash: it names a file
ARRAYS: Final = ("centre", "features", "labels")
HEAD_ARRAYS: Final = ("kernel", "bias", "left_out")


def save_classifier(classifier: TaughtClassifier, name: str) -> Path:
    """Keep a classifier under a name; one of that name is replaced.

    Raises: BadInput: the name cannot name a file.
        DiskFull: it could not be written.
    """
    if not NAME_FORM.fullmatch(name):
        raise BadInput(f"{name!r} is no name. Use up to 60 letters, digits, blanks, - and _.")
    words = {
        "trunk": classifier.trunk,
        "classes": classifier.classes,
        "temperature": classifier.temperature,
        "farthest": classifier.farthest,
        "validation": classifier.validation,
        "method": classifier.head.method,
        "penalty": classifier.head.penalty,
    }
    held = {one: getattr(classifier, one) for one in ARRAYS}
    held |= {one: getattr(classifier.head, one) for one in HEAD_ARRAYS}
    content = io.BytesIO()
    np.savez_compressed(content, words=np.array(json.dumps(words)), **held)
    path = make_home(FOLDER) / FOLDER / f"{name}{ENDING}"
    try:
        write_bytes(path, content.getvalue())
    except OSError as error:
        raise DiskFull(f"{name} could not be written to {path.parent} ({error}). Free some space.") from error
    return path


def classifier_names() -> list[str]:
    """List the classifiers that were kept, by name."""
    return sorted(path.stem for path in (home_folder() / FOLDER).glob(f"*{ENDING}"))


def load_classifier(name: str) -> TaughtClassifier:
    """Read a classifier that was kept.

    Raises: UnknownName: none is called so.
        BrokenNetwork: its file is damaged.
    """
    if name not in classifier_names():
        raise UnknownName("taught classifier", name, classifier_names())
    try:
        content = (home_folder() / FOLDER / f"{name}{ENDING}").read_bytes()
        with np.load(io.BytesIO(content), allow_pickle=False) as held:
            words = json.loads(str(held["words"]))
            head = LinearHead(
                method=words.pop("method"), penalty=words.pop("penalty"), **{one: held[one] for one in HEAD_ARRAYS}
            )
            arrays = {one: held[one] for one in ARRAYS}
        return TaughtClassifier(
            trunk=words["trunk"],
            classes=tuple(words["classes"]),
            head=head,
            temperature=words["temperature"],
            farthest=words["farthest"],
            validation=(words["validation"][0], words["validation"][1]),
            **arrays,
        )
    except (OSError, ValueError, KeyError, TypeError, EOFError, BadZipFile) as error:
        raise BrokenNetwork(f"The file of {name} cannot be read ({error!r}). Teach it anew.") from error
