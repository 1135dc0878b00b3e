"""What cannot be told from a digit."""

import numpy as np

from cnn.datasets import synthetic_handwriting
from cnn.datasets.digit_likeness import DigitLikeness


def test_digits_are_like_digits_and_letters_are_not() -> None:
    rng = np.random.default_rng(0)
    digits = [synthetic_handwriting.write_digit(i % 10, rng) for i in range(2_400)]
    pictures = synthetic_handwriting.render_handwriting(digits, rng)
    like = DigitLikeness(pictures[:2_000])
    letters = synthetic_handwriting.render_handwriting(
        [synthetic_handwriting.write_letter(rng) for _ in range(200)], rng
    )
    assert like(pictures[2_000:]).mean() > 5 * like(letters).mean()


def test_a_ring_and_a_bar_might_be_digits_whoever_drew_them() -> None:
    rng = np.random.default_rng(1)
    plain = [synthetic_handwriting.write_digit(i % 2, rng) for i in range(1_000)]
    like = DigitLikeness(synthetic_handwriting.render_handwriting(plain, rng))
    angle = np.linspace(0, 2 * np.pi, 40)
    ring = np.stack([0.7 * np.cos(angle), np.sin(angle)], 1).astype(np.float32)
    bar = np.array([[0.1, 0], [0, 1]], np.float32)
    level = np.array([[0, 0], [1, 0.05]], np.float32)
    found = like(synthetic_handwriting.render_handwriting([[ring], [bar], [level], [ring, level]], rng))
    assert found.tolist()[:3] == [True, True, False]
