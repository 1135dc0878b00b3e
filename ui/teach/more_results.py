"""What more pictures would bring, and whose eyes serve the classes best."""

from __future__ import annotations

from typing import Final

import streamlit as st

from cnn.teach.classifier import cross_validate
from cnn.teach.collection import Collection
from cnn.teach.learning_curve import CurvePoint, learning_curve
from ui.components.plot.plot import Plot, PlotAxis, PlotLine, render_plot
from ui.teach import learning, lesson_words, taking_in
from ui.teach.learning import Lesson

FEWEST_POINTS: Final = 2


def show_curve(collection: Collection, lesson: Lesson) -> None:
    """Show how the accuracy grew with the pictures, once somebody asks for it."""
    with st.expander("Would more pictures help?"):
        if not st.toggle("Learn from an eighth, a quarter, half and all of them", key="teach curve"):
            return
        points = _points(str(collection.path), collection.revision, lesson.taught.trunk, lesson)
        if len(points) < FEWEST_POINTS:
            st.info("There are too few pictures to learn from a part of them. Bring more.")
            return
        render_plot(
            Plot(
                x=PlotAxis("Pictures learned from", "ratios", "amount"),
                y=PlotAxis("Right", "room", "percent"),
                said=lesson_words.curve_sentence(points),
                spoken="Accuracy by the number of pictures",
                lines=(
                    PlotLine(
                        "right, with its 95 % interval",
                        [one.pictures for one in points],
                        [one.accuracy for one in points],
                        low=[one.interval.low for one in points],
                        high=[one.interval.high for one in points],
                    ),
                ),
            ),
            "teach curve plot",
        )


@st.cache_resource(max_entries=4, show_spinner="Learning from parts of your pictures")
def _points(path: str, revision: int, trunk: str, _lesson: Lesson) -> list[CurvePoint]:
    return learning_curve(_lesson.pictures.features, _lesson.taught.labels, len(_lesson.taught.classes))


def show_eyes(person: str, collection: Collection) -> None:
    """Compare all networks as eyes for these classes, on the same pictures, once somebody asks for it."""
    with st.expander("Whose eyes serve these classes best?"):
        if not st.toggle("Compare the networks that have looked at your pictures", key="teach eyes"):
            return
        titles = learning.trunks()
        missing = tuple(name for name in titles if collection.unseen(name))
        seen = tuple(name for name in titles if name not in missing)
        found = _validations(str(collection.path), collection.revision, seen, collection)
        if found:
            st.markdown(lesson_words.eyes_table({titles[name]: counts for name, counts in found.items()}))
            st.caption(
                "The same pictures and folds for all. Where two intervals overlap, either may be the better one."
            )
        if missing:
            st.button(
                f"Let {len(missing)} more networks look at your pictures",
                on_click=taking_in.look_with,
                args=(person, collection, missing),
                key="teach look with all",
            )


@st.cache_resource(max_entries=4, show_spinner="Comparing the networks")
def _validations(
    path: str, revision: int, trunks: tuple[str, ...], _collection: Collection
) -> dict[str, tuple[int, int]]:
    """Count for each network what is read right in the cross-validation, of how many."""
    found = {}
    for name in trunks:
        seen = _collection.embedded(name)
        right = cross_validate(seen.features, seen.labels, len(seen.classes)) == seen.labels
        found[name] = int(right.sum()), len(right)
    return found
