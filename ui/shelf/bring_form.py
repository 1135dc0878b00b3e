"""What cannot be read from a network's file: how it takes pictures, and what its classes are called."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from typing import Final

import numpy as np
import streamlit as st

from cnn.array_types import Array
from cnn.errors import BadInput, ConvScopeError
from cnn.importing import Arrival, InputForm, ModelFacts, class_names, guess_answers, input_forms, shelve_arrival
from cnn.importing.guesses import digit_for, open_core, photo_for
from cnn.shelf import LONGEST_TITLE
from cnn.zoo.litert_runner import LiteRTRunner
from ui.components.image_picker.image_picker import ImageTile, render_image_picker
from ui.resources import network_cache, photos
from ui.resources.background_job import BackgroundJobs, show_progress
from ui.resources.person import person
from ui.resources.poll import poll_until
from ui.selection import input_picker, photo_upload
from ui.text.numbers import percent
from ui.text.verbatim import verbatim

Stopped = Callable[[], bool]
Tried = Mapping[str, InputForm]

PUT: Final = "shelf:put"  # in the session: (name, title) of what was just put on the shelf
OTHER: Final = "other"  # among the forms: numbers of one's own
SAMPLES: Final = 6
PUTTING_S: Final = 15.0
NUMBERED, LISTED, IMAGENET, AS_IN_FILE = "By number", "A list of mine", "ImageNet's", "As in the file"


def show_form(arrival: Arrival, facts: ModelFacts) -> bool:
    """Ask, show what each guess answers, and put the network on the shelf; True once it is there."""
    key = f"bring {arrival.id}"
    work = _jobs().last(key)
    if work is not None and not work.ended.is_set():
        poll_until(lambda: work.over, lambda: show_progress(work, work.text, f"{key} cancel"))
        return False
    if work is not None and work.result is not None:
        entry = network_cache.own_shelf().get(work.result)
        network_cache.own_shelf().claim(entry, person())
        st.session_state[PUT] = (entry.name, entry.title)
        return True
    if work is not None:
        st.warning(verbatim(work.error or work.cancelled))
    digits = _choose_pictures(facts, key)
    labels = _choose_labels(facts, digits, key)
    form = _choose_form(arrival, facts, digits, labels, key)
    title = st.text_input("Name", arrival.title, LONGEST_TITLE, key=f"{key} name")
    if labels is not None and form is not None:
        st.button(
            "Put it on the shelf",
            type="primary",
            on_click=_put,
            args=(arrival, facts, form, labels, digits, title, key),
        )
    return False


def _choose_pictures(facts: ModelFacts, key: str) -> bool:
    """Ask whether it knows drawn digits, where it could; True for digits."""
    if facts.classes != 10 or facts.shape[0] not in class_names.DIGIT_SIDES:
        return False
    kinds = ["Photos", "Drawn digits"]
    first = kinds[facts.shape[2] == 1]
    return st.segmented_control("What it looks at", kinds, default=first, required=True, key=f"{key} kind") == kinds[1]


def _choose_labels(facts: ModelFacts, digits: bool, key: str) -> tuple[str, ...] | None:
    """Ask what the classes are called; None while a list does not fit."""
    if digits:
        return class_names.DIGIT_CLASSES
    ways = [
        *([AS_IN_FILE] if facts.labels else []),
        *([IMAGENET] if facts.classes == 1000 else []),
        NUMBERED,
        LISTED,
    ]
    way = st.segmented_control("Names of its classes", ways, default=ways[0], required=True, key=f"{key} labels")
    if way == LISTED:
        return _listed_labels(facts, key)
    if way == IMAGENET:
        return class_names.clean_labels(class_names.imagenet_names(), facts.classes)
    return class_names.clean_labels(facts.labels if way == AS_IN_FILE else (), facts.classes)


def _listed_labels(facts: ModelFacts, key: str) -> tuple[str, ...] | None:
    file = st.file_uploader("labels.txt, or a .json", ["txt", "json", "csv"], max_upload_size=1, key=f"{key} list")
    text = st.text_area(f"Or {facts.classes:,} names, one a line, in the order of the network", key=f"{key} names")
    given = file.getvalue().decode("utf-8", "replace") if file else text
    if not given.strip():
        return None
    try:
        return class_names.read_labels(given, facts.classes)
    except BadInput as error:
        st.warning(verbatim(str(error)))
        return None


def _choose_form(
    arrival: Arrival, facts: ModelFacts, digits: bool, labels: tuple[str, ...] | None, key: str
) -> InputForm | None:
    """Show what the network says of a picture for each guess, and let a person choose the one that is right."""
    guesses = input_forms.forms_for(facts.shape[2])
    tried = {name: guess.form for name, guess in guesses.items()}
    st.markdown(
        "**How does it take pictures?** The file does not say. Choose a picture whose answer you know: under the right "
        "guess the network names it and is sure of it; under a wrong one it is lost."
    )
    core = _core(arrival.id, arrival)
    try:
        picture = _digit_picture(core, key) if digits else _photo_picture(core, key)
    except ConvScopeError as error:
        st.warning(verbatim(str(error)))
        return None
    names = labels or class_names.clean_labels((), facts.classes)
    told = {
        one.form: ", ".join(f"{names[label]}: {percent(share)}" for label, share in one.top)
        for one in guess_answers(core, picture, tried)
    }
    options = [facts.likely, *(name for name in tried if name != facts.likely), OTHER]
    options = [name for name in options if name in tried or name == OTHER]
    chosen = st.radio(
        "How it takes pictures",
        options,
        format_func=lambda name: "Other numbers" if name == OTHER else guesses[name].title,
        captions=[f"{told[name]} · {guesses[name].users}" if name in told else "" for name in options],
        label_visibility="collapsed",
        key=f"{key} form",
    )
    if chosen != OTHER:
        return tried[chosen]
    form = _own_numbers(facts.shape[2], key)
    if form is not None:
        answer = guess_answers(core, picture, {OTHER: form})[0]
        st.caption(", ".join(f"{names[label]}: {percent(share)}" for label, share in answer.top))
    return form


def _own_numbers(channels: int, key: str) -> InputForm | None:
    """Ask for range, mean, deviation and the order of colours."""
    highest = st.number_input("White is, before the mean is taken off", value=1.0, key=f"{key} highest")
    mean = st.text_input("Mean, one number or one for each colour", "0", key=f"{key} mean")
    deviation = st.text_input("Deviation, likewise", "1", key=f"{key} deviation")
    bgr = channels == 3 and st.checkbox("Blue comes first (BGR)", key=f"{key} bgr")
    try:
        return input_forms.own_form(float(highest), _numbers(mean), _numbers(deviation), bgr)
    except (ConvScopeError, ValueError) as error:
        st.warning(verbatim(str(error)))
        return None


def _numbers(text: str) -> tuple[float, ...]:
    try:
        return tuple(float(one) for one in text.replace(",", " ").split())
    except ValueError as error:
        raise BadInput(f"{text!r} are no numbers. Type one, or three with blanks between.") from error


def _photo_picture(core: LiteRTRunner, key: str) -> Array:
    """Let a person choose a photo, a sample or their own, as the network is shown it."""
    file = st.file_uploader(
        "A photo whose answer you know",
        list(photo_upload.TYPES),
        max_upload_size=photo_upload.MOST_MB,
        key=f"{key} photo",
    )
    own = [photos.media_file(file.name, file.getvalue())] if file else []
    shown = photos.readable_photos([*own, *photos.sample_photos()[:SAMPLES]])
    tiles = [ImageTile(one.key, one.name, photos.photo_thumbnail(one.key, one), "") for one in shown]
    chosen = render_image_picker(tiles, tiles[0].key, f"{key} photos", "Photos to try")
    one = next(one for one in shown if one.key == chosen)
    return photo_for(core, photos.photo_pixels(one.key, one))


def _digit_picture(core: LiteRTRunner, key: str) -> Array:
    """Let a person choose a sample digit, as the network is shown it."""
    shown = input_picker.sample_digit_inputs()
    tiles = [ImageTile(one.key, one.title, one.picture, one.title) for one in shown]
    chosen = render_image_picker(tiles, tiles[-1].key, f"{key} digits", "Digits to try")
    return digit_for(core, np.asarray(next(one for one in shown if one.key == chosen).pixels, np.float32))


@st.cache_resource(max_entries=2, show_spinner="Loading the network")
def _core(arrival: str, _arrival: Arrival) -> LiteRTRunner:
    return open_core(_arrival)


def _put(
    arrival: Arrival, facts: ModelFacts, form: InputForm, labels: tuple[str, ...], digits: bool, title: str, key: str
) -> None:
    """Begin to put it on the shelf."""
    data = class_names.data_set_of(labels, facts.shape, digits)

    def put(came: Callable[[int, int], None], stopped: Stopped) -> str:
        came(0, 1)  # its turn has come
        return shelve_arrival(arrival, form, data, labels, title, stopped=stopped)

    _jobs().start(key, "Putting it on the shelf", put, expected=PUTTING_S)


@st.cache_resource(show_spinner=False)
def _jobs() -> BackgroundJobs[str]:
    return BackgroundJobs(ThreadPoolExecutor(1, "shelf").submit, outlasts="nothing")
