"""Answers in words, the steps' panels, and what the session keeps."""

import numpy as np
import pytest

from cnn.inference.predict import Prediction
from cnn.preprocessing import Reading
from cnn.preprocessing.rasterize import fit_strokes, rasterize_strokes
from ui.ask import draw_predictions, draw_preprocessing
from ui.ask.draw_preprocessing import ReadingSource
from ui.components.drawing_canvas.drawing_canvas import Drawing
from ui.resources import network_cache
from ui.selection import sample_digits
from ui.text import agreement


def source(label: int) -> ReadingSource:
    return draw_preprocessing.source_of_drawing(Drawing(sample_digits.sample_digits()[label][1]))


def read(label: int, off: frozenset[str] = frozenset()) -> Reading:
    return source(label).read(off)


def test_nothing_is_answered_with_nothing() -> None:
    networks = network_cache.cached_networks("mnist")
    predictions = draw_predictions.predict_digits(networks, ())
    assert predictions == [[] for _ in networks]
    assert all(row.label is None for row in draw_predictions.answer_rows(networks, predictions, 0))


@pytest.mark.parametrize("label", range(10))
def test_every_network_reads_the_samples(label: int) -> None:
    networks = network_cache.cached_networks("mnist")
    rows = draw_predictions.answer_rows(networks, draw_predictions.predict_digits(networks, read(label).digits), 0)
    assert [row.label for row in rows] == [str(label)] * len(networks)
    assert all(row.known for row in rows)
    assert draw_predictions.answer_sentence(rows[0]).startswith(f"{rows[0].title} reads {label}")


def prediction(label: int, known: bool = True) -> Prediction:
    shares = np.full(10, 0.01, np.float32)
    shares[label] = 0.91
    return Prediction(label, shares, shares, known, 0.1)


def test_several_digits_are_one_number() -> None:
    network = network_cache.cached_networks("mnist")[0]
    three = [prediction(4), prediction(0), prediction(7)]
    (row,) = draw_predictions.answer_rows([network], [three], 2)
    assert (row.label, row.reading, row.text) == ("7", "407", "407")
    assert draw_predictions.predicted_labels([network], [three], network.name) == ["4", "0", "7"]
    assert draw_predictions.predicted_labels([network], [three], "mnist/nobody") == ["4", "0", "7"]


def test_the_verdict_doubts_where_the_network_does() -> None:
    network = network_cache.cached_networks("mnist")[0]
    (row,) = draw_predictions.answer_rows([network], [[prediction(4, known=False)]], 0)
    assert draw_predictions.answer_sentence(row) == f"{network.card.title}: unlike anything it learned (nearest: 4)"
    assert draw_predictions.answer_sentence(agreement.no_answer_yet(network)) == ""


def page(label: int) -> ReadingSource:
    """Photograph a sample on white paper."""
    strokes = fit_strokes(sample_digits.sample_digits()[label][1], 100, 200)
    return draw_preprocessing.source_of_picture(
        np.uint8(255 * (1 - rasterize_strokes(strokes, 12, 200)))[..., None].repeat(3, axis=2)
    )


@pytest.mark.parametrize("given", [source(7), page(7)], ids=["drawing", "picture"])
def test_panels_follow_the_steps(given: ReadingSource) -> None:
    panels = draw_preprocessing.step_panels(given, given.read(()), 0, ())
    assert [panel.step for panel in panels] == ["input", *given.fields, "seen"]
    assert all(panel.picture.startswith("data:image/png") for panel in panels)
    assert [panel.fixed for panel in panels] == [True] + [False] * len(given.fields) + [True]


@pytest.mark.parametrize(
    ("given", "field"),
    [(one, field) for one in (source(7), page(7)) for field in one.fields],
    ids=lambda given: given if isinstance(given, str) else given.title,
)
def test_a_step_that_is_off_is_shown_off(given: ReadingSource, field: str) -> None:
    panels = {panel.step: panel for panel in draw_preprocessing.step_panels(given, given.read({field}), 0, {field})}
    assert not panels[field].on
    assert all(panel.on for step, panel in panels.items() if step != field)
    assert getattr(draw_preprocessing.steps_without({field}), field) is False


def test_empty_panels_keep_their_places() -> None:
    given = source(7)
    panels = draw_preprocessing.step_panels(given, Reading(()), 0, ())
    assert len(panels) == len(given.fields) + 2
    assert all(panel.picture == "" for panel in panels)
