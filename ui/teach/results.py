"""How good it is, honestly: the interval, the confusions, what looks mislabelled, what is there twice."""

from __future__ import annotations

from typing import Final

import numpy as np
import streamlit as st

from cnn.metrics.confusion_matrix import count_confusions
from cnn.metrics.localization import upsample_heatmap
from cnn.teach.collection import Collection, PictureClass
from ui.components.confusion_matrix.confusion_matrix import render_confusion_matrix
from ui.components.heatmap_overlay.heatmap_overlay import HeatmapOverlay, render_heatmap_overlay
from ui.components.image_picker.image_picker import render_image_picker
from ui.images import data_uri
from ui.teach import class_list, learning, lesson_words, more_results
from ui.teach.learning import Lesson
from ui.text.attribution import SMOOTH_PX
from ui.text.numbers import percent
from ui.text.verbatim import verbatim

DOUBTFUL: Final = 12  # pictures that are shown
TWICE: Final = 8  # pairs that are named
EVIDENCE_PX: Final = 280  # that a picture with its evidence is wide


def show_results(person: str, collection: Collection, classes: list[PictureClass], lesson: Lesson) -> None:
    """Show what the lesson came to."""
    taught = lesson.taught
    st.markdown(f"{lesson_words.accuracy_sentence(taught)} {lesson_words.chance_sentence(taught)}")
    counts = {name: int((taught.labels == at).sum()) for at, name in enumerate(taught.classes)}
    if said := lesson_words.balance_sentence(counts):
        st.info(said)
    st.caption(f"{lesson_words.NONE_OF_THESE} {lesson_words.NO_DIAGNOSIS}")
    _show_doubtful(collection, classes, lesson)
    _show_confusions(collection, classes, lesson)
    _show_twice(collection, lesson)
    more_results.show_curve(collection, lesson)
    more_results.show_eyes(person, collection)


def _show_doubtful(collection: Collection, classes: list[PictureClass], lesson: Lesson) -> None:
    """Show the pictures that another class fits better; one click moves one of them there."""
    taught, doubtful = lesson.taught, lesson.taught.doubtful()
    if not doubtful:
        return
    with st.expander(f"Perhaps in the wrong class: {len(doubtful):,} pictures, the most doubtful first", expanded=True):
        shares = taught.left_out
        best = {lesson.pictures.ids[at]: int(shares[at].argmax()) for at in doubtful[:DOUBTFUL]}
        sure = {lesson.pictures.ids[at]: float(shares[at].max()) for at in doubtful[:DOUBTFUL]}
        own = {lesson.pictures.ids[at]: taught.classes[taught.labels[at]] for at in doubtful[:DOUBTFUL]}
        words = {one: f"{own[one]}? {taught.classes[at]}, {percent(sure[one])}" for one, at in best.items()}
        tiles = [class_list.tile(collection, one, text) for one, text in words.items()]
        shown = [found for found in tiles if found is not None]
        if not shown:
            return
        chosen = int(render_image_picker(shown, shown[0].key, "teach doubtful", "Doubtful pictures"))
        better = taught.classes[best[chosen]]
        _show_evidence(collection, lesson, chosen, best[chosen])
        into = next((one.id for one in classes if one.name == better), None)
        with st.container(horizontal=True):
            st.button(
                f"Move it to {verbatim(better)}",
                on_click=collection.move,
                args=([chosen], into),
                disabled=into is None,
                key="teach move doubtful",
            )
            st.button("Delete it", on_click=collection.delete, args=([chosen],), key="teach delete doubtful")
        st.caption(
            "Each was left out of the learning, then read. If the class is right, leave it: it is a hard picture."
        )


def _show_evidence(collection: Collection, lesson: Lesson, picture: int, label: int) -> None:
    """Show what in a picture speaks for the class that it is taken for: the thing, or only what is around it."""
    _, content = collection.picture(picture)
    found = learning.evidence_of(lesson.taught, content, label)
    if found is None:
        return
    shown, heat = found
    name = lesson.taught.classes[label]
    overlay = HeatmapOverlay(
        data_uri.network_input_uri(shown),
        f"The picture, and what speaks for {name}",
        f"In colour: what speaks for {name}. Is that the thing itself, or only its background?",
        data_uri.evidence_uri(data_uri.input_pixels(shown), upsample_heatmap(heat, SMOOTH_PX)),
        data_uri.evidence_ramp_uri(),
    )
    with st.container(width=EVIDENCE_PX):
        render_heatmap_overlay(overlay, "teach evidence")


def _show_confusions(collection: Collection, classes: list[PictureClass], lesson: Lesson) -> None:
    taught = lesson.taught
    with st.expander("Which classes are taken for which"):
        counts = count_confusions(taught.labels, taught.predicted, len(taught.classes))
        wrong = counts - np.diag(np.diag(counts))
        asked = np.unravel_index(int(wrong.argmax()), wrong.shape)
        row, column = render_confusion_matrix(
            counts,
            taught.classes,
            (int(asked[0]), int(asked[1])),
            "Pictures by class and by answer",
            "teach confusions",
        )
        places = np.flatnonzero((taught.labels == row) & (taught.predicted == column))
        named = [lesson.pictures.ids[at] for at in places[:DOUBTFUL]]
        shown = [found for found in (class_list.tile(collection, one) for one in named) if found is not None]
        st.markdown(f"{verbatim(taught.classes[row])}, read as {verbatim(taught.classes[column])}: {len(places):,}")
        if shown:
            class_list.show_pictures(collection, shown, taught.classes[row], classes, f"teach cell {row} {column}")


def _show_twice(collection: Collection, lesson: Lesson) -> None:
    places = {one: at for at, one in enumerate(lesson.pictures.ids)}
    pairs = [(places[i], places[j]) for i, j in learning.twice(collection, lesson.pictures)]
    said = lesson_words.twice_sentences(
        lesson.pictures.names, lesson.taught.classes, lesson.taught.labels.tolist(), pairs
    )
    if not said:
        return
    with st.expander(f"The same picture twice: {len(said):,} pairs"):
        st.markdown("\n".join(f"- {one}" for one in said[:TWICE]))
        st.caption("A copy that is tested while its twin was taught makes the figures look better than they are.")
