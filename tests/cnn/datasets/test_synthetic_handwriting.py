"""Invented handwriting."""

from collections.abc import Callable, Mapping

import numpy as np
import pytest

from cnn.datasets import synthetic_handwriting
from cnn.datasets.glyphs import DIGIT_GLYPHS, LETTER_GLYPHS
from cnn.datasets.signs import HELD_OUT_SIGNS, SIGN_GLYPHS


@pytest.mark.parametrize("label", range(10))
def test_a_digit_is_written_differently_each_time(label: int) -> None:
    rng = np.random.default_rng(label)
    first, second = synthetic_handwriting.render_handwriting(
        [synthetic_handwriting.write_digit(label, rng), synthetic_handwriting.write_digit(label, rng)], rng
    )
    assert np.abs(first - second).max() > 0.5
    for picture in (first, second):
        assert picture.shape == (28, 28)
        assert 20 < picture.sum() < 350


def test_the_same_state_writes_the_same() -> None:
    one = synthetic_handwriting.write_digit(4, np.random.default_rng(3))
    same = synthetic_handwriting.write_digit(4, np.random.default_rng(3))
    assert all(np.array_equal(a, b) for a, b in zip(one, same, strict=True))


def test_every_way_is_in_use() -> None:
    assert set(DIGIT_GLYPHS) == set(range(10))
    assert all(len(ways) >= 6 for ways in DIGIT_GLYPHS.values())


@pytest.mark.parametrize(
    ("draw", "known", "held_out"),
    [
        (synthetic_handwriting.write_letter, LETTER_GLYPHS, synthetic_handwriting.HELD_OUT_LETTERS),
        (synthetic_handwriting.write_sign, SIGN_GLYPHS, HELD_OUT_SIGNS),
    ],
)
def test_held_out_letters_and_signs_are_never_trained_on(
    draw: Callable[[np.random.Generator], object],
    known: Mapping[str, object],
    held_out: frozenset[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    written: list[object] = []
    monkeypatch.setattr(synthetic_handwriting, "write_glyph", lambda glyph, rng: written.append(glyph))
    rng = np.random.default_rng(0)
    for _ in range(600):
        draw(rng)
    assert held_out < set(known)
    assert len({id(glyph) for glyph in written}) == len(known) - len(held_out)


@pytest.mark.parametrize("held_out", [False, True])
def test_scribbles_and_letters_have_ink(held_out: bool) -> None:
    rng = np.random.default_rng(0)
    drawings = [synthetic_handwriting.write_scribble(rng, held_out) for _ in range(20)]
    drawings += [synthetic_handwriting.write_letter(rng, held_out) for _ in range(20)]
    assert synthetic_handwriting.render_handwriting(drawings, rng).sum(axis=(1, 2)).min() > 20
