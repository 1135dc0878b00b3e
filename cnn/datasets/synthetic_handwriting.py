"""Invented handwriting: digits, letters and scribbles as strokes, no two alike.

MNIST's writers are American; this adds the hands of others, drawn by the same code that
draws what a person draws on the canvas.
"""

from collections.abc import Sequence

import numpy as np

from cnn.array_types import Array
from cnn.datasets.glyphs import DIGIT_GLYPHS, LETTER_GLYPHS, Glyph
from cnn.datasets.signs import HELD_OUT_SIGNS, SIGN_GLYPHS
from cnn.preprocessing.rasterize import PEN_PX, smooth_strokes, strokes_to_mnist

TREMBLE = 0.035  # standard deviation of a control point, of the digit's width
BEND = 0.045  # standard deviation of the slow bend of the whole digit
SLANT = 0.25  # shift of x per y, standard deviation
TURN = 0.12  # radians, standard deviation
HELD_OUT_LETTERS = frozenset("FKNRWXehmt")  # never trained on: the cards say how many are caught
OLD_AND_COARSE = 0.35  # share of drawings that are sampled coarsely, as slow tablets do


def write_digit(label: int, rng: np.random.Generator) -> list[Array]:
    """Write the digit `label`, 0 to 9, once: strokes in a box of about 1 by 1.4."""
    ways = DIGIT_GLYPHS[label]
    return write_glyph(ways[rng.integers(len(ways))], rng)


def write_letter(rng: np.random.Generator, held_out: bool = False) -> list[Array]:
    """Write one letter: of those kept back from training, or of the others."""
    names = sorted(name for name in LETTER_GLYPHS if (name in HELD_OUT_LETTERS) == held_out)
    return write_glyph(LETTER_GLYPHS[names[rng.integers(len(names))]], rng)


def write_sign(rng: np.random.Generator, held_out: bool = False) -> list[Array]:
    """Write one sign or small drawing: of those kept back from training, or of the others."""
    names = sorted(name for name in SIGN_GLYPHS if (name in HELD_OUT_SIGNS) == held_out)
    return write_glyph(SIGN_GLYPHS[names[rng.integers(len(names))]], rng)


def write_glyph(glyph: Glyph, rng: np.random.Generator) -> list[Array]:
    """Trace a glyph with a hand of its own: tremble, bend, slant, turn, aspect, coarse points."""
    tremble = TREMBLE * rng.gamma(2.0, 0.5)
    strokes = [np.asarray(points, np.float32) for points in glyph]
    strokes = smooth_strokes([_shaken(stroke, tremble, rng) for stroke in strokes])
    strokes = [_trimmed(stroke, rng) for stroke in strokes]
    phase, wave = rng.uniform(0, 2 * np.pi, (2, 2)), rng.uniform(1.5, 4.5, (2, 2))
    size = rng.normal(0, BEND, 2)
    turn, slant = rng.normal(0, TURN), rng.normal(0, SLANT)
    aspect = np.exp(rng.normal(-0.1, 0.28) / 2)
    matrix = np.array([[np.cos(turn), -np.sin(turn)], [np.sin(turn), np.cos(turn)]])
    matrix = matrix @ np.array([[aspect, -slant], [0, 1 / aspect]])
    bent = [s + size * np.sin(s @ wave + phase[0]) for s in strokes]
    moved = [(s @ matrix.T).astype(np.float32) for s in bent]
    return [_coarse(s, rng) for s in moved] if rng.random() < OLD_AND_COARSE else moved


def _shaken(points: Array, amount: float, rng: np.random.Generator) -> Array:
    """Move each control point, a doubled one (a corner) as one, and each stroke as a whole."""
    shift = rng.normal(0, amount, points.shape)
    same = (points[1:] == points[:-1]).all(axis=1)
    for i in np.flatnonzero(same):
        shift[i + 1] = shift[i]
    return (points + shift + rng.normal(0, amount, 2)).astype(np.float32)


def _trimmed(points: Array, rng: np.random.Generator) -> Array:
    """Stop early or start late, by up to a tenth of the stroke."""
    first = int(len(points) * rng.uniform(0, 0.06))
    last = int(len(points) * rng.uniform(0.92, 1)) + 1
    return points[first:last] if last - first >= 2 else points


def _coarse(points: Array, rng: np.random.Generator) -> Array:
    """Keep a few points of a stroke, evenly spread, both ends among them."""
    keep = min(len(points), int(rng.integers(5, 14)))
    return points.take(np.linspace(0, len(points) - 1, keep).round().astype(int), axis=0)


def write_scribble(rng: np.random.Generator, held_out: bool = False) -> list[Array]:
    """Scribble: a wandering line or a zigzag; held out, loops that drift or a bundle of lines."""
    kinds = (_loops, _bundle) if held_out else (_wander, _zigzag)
    return kinds[rng.integers(2)](rng)


def _wander(rng: np.random.Generator) -> list[Array]:
    turns = rng.normal(0, 0.9, int(rng.integers(18, 50))).cumsum()
    steps = np.stack([np.cos(turns), np.sin(turns)], 1) * rng.uniform(0.3, 1, (len(turns), 1))
    return smooth_strokes([steps.cumsum(axis=0).astype(np.float32)])


def _zigzag(rng: np.random.Generator) -> list[Array]:
    count = int(rng.integers(8, 18))
    side = np.where(np.arange(count) % 2, 1.0, 0.0) + rng.normal(0, 0.15, count)
    points = np.stack([side, np.linspace(0, 1.2, count) + rng.normal(0, 0.05, count)], 1)
    turn = rng.uniform(0, np.pi)
    matrix = np.array([[np.cos(turn), -np.sin(turn)], [np.sin(turn), np.cos(turn)]])
    return [(points @ matrix.T).astype(np.float32)]


def _loops(rng: np.random.Generator) -> list[Array]:
    angle = np.linspace(0, 2 * np.pi * rng.uniform(3, 7), 90)
    drift = np.linspace(0, rng.uniform(1, 3), 90)
    points = np.stack([np.cos(angle) + drift, np.sin(angle) * rng.uniform(0.6, 1.4)], 1)
    return [(points + rng.normal(0, 0.04, points.shape)).astype(np.float32)]


def _bundle(rng: np.random.Generator) -> list[Array]:
    return [rng.uniform(0, 1, (2, 2)).astype(np.float32) for _ in range(int(rng.integers(5, 10)))]


def render_handwriting(drawings: Sequence[list[Array]], rng: np.random.Generator, pen: float = PEN_PX) -> Array:
    """Draw each as the app does, with a pen that varies by about a fifth: float32 (n, 28, 28)."""
    widths = np.clip(pen * np.exp(rng.normal(0, 0.2, len(drawings))), 1.4, 4.5)
    pairs = zip(drawings, widths, strict=True)
    return np.stack([strokes_to_mnist(smooth_strokes(strokes), float(width)) for strokes, width in pairs])
