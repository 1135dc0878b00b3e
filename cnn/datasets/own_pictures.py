"""Folders of one's own pictures, kept to train on: in a folder below CONVSCOPE_HOME, cut as other data sets are.

    <home>/pictures/<name>/pictures.npz    what they show, uint8 (n, 32, 32, 3), and their labels
    <home>/pictures/<name>/set.json        written last: a set without it is not there

No TensorFlow.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Callable, Iterable
from dataclasses import asdict, dataclass
from functools import lru_cache
from io import BytesIO
from pathlib import Path, PurePath
from typing import Final, Literal

import numpy as np
import numpy.typing as npt

from cnn.array_types import Pixels
from cnn.atomic_files import write_bytes, write_text
from cnn.errors import BadInput, DiskFull, UnknownName, reason
from cnn.home import home_folder, make_home
from cnn.media import image_decoding

Labels = npt.NDArray[np.int64]
Part = Literal["training", "validation", "test"]

FOLDER: Final = "pictures"
PREFIX: Final = "pictures-"  # begins the names of such sets
NAME_FORM: Final = re.compile(r"pictures-[0-9a-f]{8}")  # no way to another folder
OWN_SHAPE: Final = (32, 32, 3)  # as CIFAR-10's, which every architecture here takes
HELD_OUT_SHARE: Final = 0.15  # of each class, for validation, and as much again for the test
FEWEST_A_CLASS: Final = 6  # 4 to learn from, 1 and 1 held out
MOST_CLASSES: Final = 100
MOST_PICTURES: Final = 20_000  # 60 MB once they are small
LONGEST_TITLE: Final = 40  # letters
FORM: Final = "Bring one folder, and in it a folder of photos for each class, named as the class is: photos/{0}/1.jpg."
ODD_LETTERS: Final = re.compile(r"[^\w ,'()+-]|_")  # in names, which stand in Markdown


@dataclass(frozen=True, slots=True)
class OwnPictures:
    """A folder of one's own pictures as a data set.

    Attributes:
        name: begins with PREFIX; what is in it decides it.
        title: as the folder is called.
        classes: names, as the folders in it are called.
        owner: who brought it; nobody's real name.
        training, validation, test: how many pictures each part has.
    """

    name: str
    title: str
    classes: tuple[str, ...]
    owner: str
    training: int
    validation: int
    test: int


@dataclass(frozen=True, slots=True)
class PictureFile:
    """A file that was brought: the folder it lies in, which is its class, its own name, and what reads it."""

    folder: str
    name: str
    read: Callable[[], bytes]


def is_own_pictures(name: str) -> bool:
    """Say whether a data set's name is one of these."""
    return name.startswith(PREFIX)


def keep_pictures(
    title: str,
    files: Iterable[PictureFile],
    owner: str,
    on_picture: Callable[[int], None] = lambda done: None,
) -> tuple[OwnPictures, list[str]]:
    """Read pictures, make them small, cut them in three parts, and keep them.

    Args:
        title: what the set shall be called; cut where it is too long.
        files: at most MOST_PICTURES, a folder a class.
        owner: who brings them.
        on_picture: told after each file how many are done.
    Returns: the set, and a sentence about each file and each class that is not in it.
    Raises: BadInput: fewer than two classes have enough pictures, or there are too many.
        DiskFull: they could not be written; nothing of them is left.
    """
    found: dict[str, list[Pixels]] = {}
    skipped: list[str] = []
    for at, one in enumerate(files):
        if at == MOST_PICTURES:
            raise BadInput(f"There are more than {MOST_PICTURES:,} files. Bring fewer.")
        try:
            if not (label := plain_name(one.folder)):
                raise BadInput(f"{one.name} lies in no folder that has a name, and so has no class.")
            pixels = image_decoding.decode_image(one.read(), one.name, least_px=OWN_SHAPE[0]).pixels
            small = image_decoding.resize_for_network(pixels, OWN_SHAPE[0], OWN_SHAPE[0])
            found.setdefault(label, []).append(np.rint(small * 255).astype(np.uint8))
        except Exception as error:  # one bad file never takes down the others
            skipped.append(reason(f"{one.folder}/{one.name}", error))
        on_picture(at + 1)
    few = [name for name, images in found.items() if len(images) < FEWEST_A_CLASS]
    skipped += [f"{name} has {len(found.pop(name))} pictures; a class needs {FEWEST_A_CLASS}." for name in few]
    if not 2 <= len(found) <= MOST_CLASSES:
        said = f"{len(found)} classes have {FEWEST_A_CLASS} pictures or more; 2 to {MOST_CLASSES} are taught."
        raise BadInput(" ".join([said, FORM.format("cat"), *skipped[:1]]))
    return _write(title, dict(sorted(found.items())), owner), skipped


def plain_name(name: str) -> str:
    """Keep of a folder's name what means nothing in Markdown, at most LONGEST_TITLE letters."""
    return " ".join(ODD_LETTERS.sub(" ", name).split())[:LONGEST_TITLE].strip(" -+,")


def _write(title: str, found: dict[str, list[Pixels]], owner: str) -> OwnPictures:
    """Cut the pictures of each class in three parts, shuffle each part, and keep all of them."""
    rng = np.random.default_rng(5)
    places: dict[Part, list[tuple[int, int]]] = {"training": [], "validation": [], "test": []}
    for label, pictures in enumerate(found.values()):
        held = max(1, round(len(pictures) * HELD_OUT_SHARE))
        order = [(label, at) for at in rng.permutation(len(pictures)).tolist()]
        places["validation"] += order[:held]
        places["test"] += order[held : 2 * held]
        places["training"] += order[2 * held :]
    every = [one for part in places.values() for one in rng.permutation(part).tolist()]
    classes = list(found.values())
    images = np.stack([classes[label][at] for label, at in every])
    labels = np.array([label for label, _ in every], np.int64)
    total = hashlib.sha256(repr((owner, tuple(found))).encode() + images.tobytes() + labels.tobytes()).hexdigest()
    made = OwnPictures(
        name=f"{PREFIX}{total[:8]}",
        title=plain_name(title) or "your pictures",
        classes=tuple(found),
        owner=owner,
        **{part: len(chosen) for part, chosen in places.items()},
    )
    folder = make_home(f"{FOLDER}/{made.name}") / FOLDER / made.name
    content = BytesIO()
    np.savez(content, images=images, labels=labels)
    try:
        write_bytes(folder / "pictures.npz", content.getvalue())
        write_text(folder / "set.json", json.dumps(asdict(made), indent=1))
    except OSError as error:
        (folder / "pictures.npz").unlink(missing_ok=True)
        raise DiskFull(f"The pictures could not be written to {folder} ({error}). Free some space.") from error
    return made


def list_own_pictures() -> list[OwnPictures]:
    """List the sets that are kept on this machine, the newest first."""
    described = (home_folder() / FOLDER).glob(f"{PREFIX}*/set.json")
    return [_described(path) for path in sorted(described, key=lambda path: -path.stat().st_mtime)]


def find_own_pictures(name: str) -> OwnPictures:
    """Look a set up.

    Raises: UnknownName: there is none of that name.
    """
    path = home_folder() / FOLDER / name / "set.json"
    if not NAME_FORM.fullmatch(name) or not path.exists():
        raise UnknownName("set of one's own pictures", name, [one.name for one in list_own_pictures()])
    return _described(path)


@lru_cache(maxsize=64)  # what is kept under a name never changes
def _described(path: Path) -> OwnPictures:
    entries = json.loads(path.read_text(encoding="utf-8"))
    return OwnPictures(**entries | {"classes": tuple(entries["classes"])})


def read_own_pictures(name: str, part: Part) -> tuple[Pixels, Labels]:
    """Read a part: uint8 (n, 32, 32, 3), and its labels. A damaged file raises one of `cnn.errors.DAMAGED_ARCHIVE`."""
    of = find_own_pictures(name)
    first = {"training": 0, "validation": of.training, "test": of.training + of.validation}[part]
    chosen = slice(first, first + getattr(of, part))
    with np.load(home_folder() / FOLDER / name / "pictures.npz") as arrays:
        return arrays["images"][chosen], arrays["labels"][chosen]


def files_of_folder(folder: Path) -> list[PictureFile]:
    """List the files of a folder on this machine that has a folder for each class; none of them is read yet.

    Raises: BadInput: there is no such folder.
    """
    if not folder.is_dir():
        raise BadInput(f"There is no folder {folder}. {FORM.format('cat')}")
    inner = sorted(path for path in folder.iterdir() if path.is_dir() and not path.name.startswith("."))
    return [
        PictureFile(one.name, path.name, path.read_bytes)
        for one in inner
        for path in sorted(one.iterdir())
        if path.is_file() and not path.name.startswith(".")
    ]


def folder_title(paths: Iterable[str]) -> str:
    """Name the folder that holds all of the folders, of paths such as "photos/cat/1.jpg"; "" where there is none."""
    above = {PurePath(path.replace("\\", "/")).parts[-3:-2] for path in paths}
    return above.pop()[0] if len(above) == 1 and () not in above else ""
