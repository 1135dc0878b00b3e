"""Pictures on their way into a person's collection, on a thread: a reload loses none of them."""

from __future__ import annotations

import secrets
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from io import BytesIO
from pathlib import PurePosixPath
from typing import Final
from zipfile import ZipFile

import numpy as np
import streamlit as st
from PIL import Image

from cnn.array_types import Pixels
from cnn.datasets.dataset import CIFAR10_CLASSES
from cnn.datasets.evaluation_sets import find_picture_set
from cnn.errors import DAMAGED_ARCHIVE, BadInput
from cnn.teach.collection import Collection, class_of_path
from cnn.teach.intake import Brought, see_unseen, take_in
from cnn.teach.zip_pictures import read_zip_pictures
from cnn.zoo.feature_extractor import FeatureExtractor
from ui.resources import network_cache
from ui.resources.background_job import BackgroundJob, BackgroundJobs, Came, Do, show_progress
from ui.resources.photos import MediaFile
from ui.resources.waiting_line import MOST_BEGUN, WaitingLine
from ui.teach import learning, lesson_words

SAMPLES: Final = ("cat", "dog")  # of CIFAR-10's test pictures ...
SAMPLE_PICTURES: Final = 60  # ... so many each: a class is read well from 50
ZIP: Final = ".zip"


@dataclass(slots=True, eq=False)
class Intakes:
    """What comes in, for all sessions; one person's batches after each other, and people in turn.

    Attributes:
        jobs: that take it in.
        newest: the last one's name, by person.
    """

    jobs: BackgroundJobs[None]
    newest: dict[str, str] = field(default_factory=dict)


@st.cache_resource(show_spinner=False)
def _intakes() -> Intakes:
    line = WaitingLine(ThreadPoolExecutor(MOST_BEGUN, "teach").submit)  # two at once would only wait for each other
    return Intakes(BackgroundJobs(line, outlasts="work"))


def take_in_files(person: str, collection: Collection, trunk: str, files: Sequence[MediaFile], otherwise: str) -> None:
    """Take in pictures and zips of pictures.

    Args:
        person: whose they are.
        collection: takes them.
        trunk: the network that sees them.
        files: their names with the folders they lie in, and their bytes.
        otherwise: the class of those that lie in no folder.
    """
    network = network_cache.cached_network(trunk)
    count = sum(_count(one) for one in files)
    brought = _unpacked(collection, deque(files), otherwise)

    def do(came: Came, stopped: Callable[[], bool]) -> None:
        take_in(collection, network, brought, count, came, stopped)

    _start(
        person,
        f"Looking at {count:,} {'picture' if count == 1 else 'pictures'}" if count else "Looking at your pictures",
        do,
    )


def look_with(person: str, collection: Collection, trunks: Sequence[str]) -> None:
    """Have several networks look at what they have not seen, one after the other."""
    networks = [network_cache.cached_network(name) for name in trunks]

    def do(came: Came, stopped: Callable[[], bool]) -> None:
        for at, network in enumerate(networks):

            def told(done: int, of: int, at: int = at) -> None:
                came(at * of + done, len(networks) * of)

            see_unseen(collection, network, FeatureExtractor(network), told, stopped)

    _start(person, f"Looking with {len(networks)} networks", do)


def _start(person: str, title: str, do: Do[None]) -> None:
    intakes = _intakes()
    name = secrets.token_hex(8)
    intakes.jobs.start(name, title, do)
    intakes.newest[person] = name


def intake_under_way(person: str) -> BackgroundJob[None] | None:
    """Give a person's pictures that are still coming in."""
    intakes = _intakes()
    job = intakes.jobs.last(intakes.newest.get(person, ""))
    return job if job is not None and not job.ended.is_set() else None


def last_error(person: str) -> str:
    """Say why the last pictures did not all come in; "" where they did, or come still."""
    intakes = _intakes()
    job = intakes.jobs.last(intakes.newest.get(person, ""))
    return job.error or "" if job is not None and job.ended.is_set() else ""


def sample_files() -> list[MediaFile]:
    """Give the cats and dogs that come with the app, in a folder each."""
    files = []
    for name in SAMPLES:
        for number, pixels in enumerate(sample_images(name)):
            content = BytesIO()
            Image.fromarray(pixels).save(content, "PNG")
            files.append(MediaFile("", f"{name}/{name} {number + 1}.png", content.getvalue()))
    return files


def sample_images(name: str) -> Pixels:
    """Give the samples of a class, uint8 (n, height, width, 3)."""
    test = find_picture_set("cifar10-2000").read()
    return test.images[np.flatnonzero(test.labels == CIFAR10_CLASSES.index(name))[:SAMPLE_PICTURES]]


def _count(file: MediaFile) -> int:
    if not file.name.lower().endswith(ZIP):
        return 1
    try:
        with ZipFile(BytesIO(file.data)) as archive:
            return len(archive.infolist())
    except DAMAGED_ARCHIVE:
        return 1


def _unpacked(collection: Collection, waiting: deque[MediaFile], otherwise: str) -> Iterator[Brought]:
    """Give one picture after the other, and let go of each file once it is taken: a folder of photos has gigabytes."""
    while waiting:
        file = waiting.popleft()
        if not file.name.lower().endswith(ZIP):
            yield class_of_path(file.name, otherwise), file.name, file.data
            continue
        try:
            for one in read_zip_pictures(BytesIO(file.data), file.name):
                if one.refused:
                    collection.skip(one.path, one.refused)
                else:
                    yield class_of_path(one.path, otherwise or PurePosixPath(file.name).stem), one.path, one.data
        except BadInput as error:
            collection.skip(file.name, str(error))


def look_button(person: str, collection: Collection, trunk: str) -> None:
    """Offer to have a network see the pictures that it has not seen."""
    waiting = len(collection.unseen(trunk))
    title = network_cache.cached_card(trunk).title
    st.info(f"{title} has not seen {waiting:,} of your pictures yet.")
    st.button("Look at them", on_click=take_in_files, args=(person, collection, trunk, (), ""), key="teach look")


def show_under_way(job: BackgroundJob[None], collection: Collection, trunk: str) -> None:
    """Show how far it is, and how good what came so far is."""
    show_progress(job, job.text, "teach stop")
    lesson = learning.learn_so_far(collection, trunk)
    if lesson is not None:
        st.markdown(f"So far: {lesson_words.accuracy_sentence(lesson.taught)}")
        st.caption("The rest of the page comes when all pictures are there.")
