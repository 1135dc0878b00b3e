"""Change whole batches of training pictures at once, in NumPy.

Keras' own random layers inside tf.data cost ten times what a LeNet costs to train.
"""

from functools import lru_cache

import numpy as np
import numpy.typing as npt

from cnn.array_types import Array

INK = 0.35  # a pixel at least this dark belongs to the digit
BEND_GRID = 5  # elastic bending is smooth: 5x5 random shifts spread over the picture
BEND_PX = 1.1  # their standard deviation
ROTATION = 0.16  # radians, standard deviation
SLANT = 0.26  # shift of x per y, standard deviation
ASPECT = 0.20  # logarithm of width over height, standard deviation
WILDEST = 1.4  # times the three above, for the wildest hand
SCALE = 0.05  # logarithm, standard deviation: the box is not always met exactly
SHIFT_PX = 0.7  # standard deviation
COARSE = range(10, 21)  # px of 28: a digit is then 7 to 15 px high, as in old scans and in small pictures


def augment_handwriting(images: Array, rng: np.random.Generator) -> Array:
    """Write the same digits in other hands: slant, aspect, bends, pen width, broken lines.

    Each digit is fitted into 20 px and centred by mass again, as every input is.

    Args:
        images: float32 (batch, 28, 28) in [0, 1], white ink on black.
        rng: the source of chance; the same state gives the same pictures.
    Returns: float32 (batch, 28, 28) in [0, 1].
    Source: elastic bending after Simard, Steinkraus & Platt 2003, section 2.
    """
    bent = elastic_warp(images, random_affine_maps(images, rng), rng)
    return break_lines(vary_pen_width(bent, rng), rng)


def random_affine_maps(images: Array, rng: np.random.Generator) -> Array:
    """Draw a random affine map a picture that keeps the 20 px box and the centre of mass.

    Returns: float32 (batch, 2, 3), from output x, y, 1 to input x, y, in px.
    """
    batch, size, _ = images.shape
    forward = random_linear_maps(batch, rng)
    axis = np.arange(size, dtype=np.float32) + 0.5
    x, y = np.meshgrid(axis, axis)
    places = np.stack([x.ravel(), y.ravel()])  # (2, pixels)
    flat = images.reshape(batch, -1)
    ink = flat > INK
    moved = forward @ places  # (batch, 2, pixels)
    high = np.where(ink[:, None], moved, -np.inf).max(axis=2)
    low = np.where(ink[:, None], moved, np.inf).min(axis=2)
    longest = np.where(ink.any(axis=1), (high - low).max(axis=1), 19.0)
    forward *= (19.0 / longest * np.exp(rng.normal(0, SCALE, batch)))[:, None, None]
    mass = flat / np.maximum(flat.sum(axis=1, keepdims=True), 1e-6)
    centre = mass @ places.T  # (batch, 2)
    inverse = np.linalg.inv(forward)
    middle = size / 2 + rng.normal(0, SHIFT_PX, (batch, 2))
    offset = centre - np.einsum("bij,bj->bi", inverse, middle)
    return np.concatenate([inverse, offset[:, :, None]], axis=2).astype(np.float32)


def random_linear_maps(batch: int, rng: np.random.Generator) -> npt.NDArray[np.float64]:
    """Rotate, slant and stretch at random: (batch, 2, 2), area about kept."""
    wildness = rng.uniform(0, WILDEST, batch)  # most hands are tame
    turn = rng.normal(0, ROTATION, batch) * wildness
    slant = rng.normal(0, SLANT, batch) * wildness
    stretch = np.exp(rng.normal(0, ASPECT, batch) * wildness / 2)
    cos, sin = np.cos(turn), np.sin(turn)
    rotation = np.stack([np.stack([cos, -sin], 1), np.stack([sin, cos], 1)], 1)
    zero = np.zeros(batch)
    shear = np.stack([np.stack([stretch, slant], 1), np.stack([zero, 1 / stretch], 1)], 1)
    return np.asarray(rotation @ shear)


def elastic_warp(images: Array, maps: Array, rng: np.random.Generator) -> Array:
    """Take each output pixel from where its affine map and a smooth bend point to."""
    batch, size, _ = images.shape
    axis = np.arange(size, dtype=np.float32) + 0.5
    x, y = np.meshgrid(axis, axis)
    grid = np.stack([x, y, np.ones_like(x)]).reshape(3, -1)  # (3, pixels)
    strength = rng.gamma(2.0, 0.5, (batch, 1, 1, 1)).astype(np.float32)  # some hands tremble more
    bends = rng.standard_normal((batch, 2, BEND_GRID, BEND_GRID), np.float32) * BEND_PX * strength
    spread = _spread(size)
    bend = (spread @ bends @ spread.T).reshape(batch, 2, -1)
    return sample_bilinearly(images, maps @ grid + bend)


def _spread(size: int) -> Array:
    """Weights that carry a coarse row of shifts smoothly over `size` pixels: (size, grid)."""
    place = (np.arange(size) + 0.5) / size * (BEND_GRID - 1)
    near = np.exp(-((place[:, None] - np.arange(BEND_GRID)) ** 2) / 0.72)
    return np.asarray(near / near.sum(axis=1, keepdims=True), np.float32)


def sample_bilinearly(images: Array, places: Array) -> Array:
    """Read pictures between their pixels; outside is 0.

    Args:
        images: float32 (batch, size, size).
        places: float32 (batch, 2, size * size), x and y in px; a pixel's middle is at + 0.5.
    """
    batch, size, _ = images.shape
    padded = np.pad(images, ((0, 0), (1, 1), (1, 1))).ravel()
    stride = size + 2
    spot = np.clip(places + 0.5, 0, size + 1)
    whole = np.minimum(spot.astype(np.int32), size)
    part = spot - whole
    first = np.arange(batch, dtype=np.int32)[:, None] * stride * stride + whole[:, 1] * stride + whole[:, 0]
    fx, fy = part[:, 0], part[:, 1]
    last = padded.size - 1
    top = padded.take(first) * (1 - fx) + padded.take(np.minimum(first + 1, last)) * fx
    below = np.minimum(first + stride, last)
    bottom = padded.take(below) * (1 - fx) + padded.take(np.minimum(below + 1, last)) * fx
    return np.asarray(top * (1 - fy) + bottom * fy).reshape(batch, size, size)


def vary_pen_width(images: Array, rng: np.random.Generator) -> Array:
    """Thicken or thin the lines by up to about a pixel on each side."""
    amount = rng.uniform(-0.6, 0.8, (len(images), 1, 1)).astype(np.float32)
    near = _neighbours(images)
    thick, thin = near.max(axis=0), near.min(axis=0)
    target = np.where(amount > 0, thick, thin)
    changed = images + np.abs(amount) * (target - images)
    peak = changed.max(axis=(1, 2), keepdims=True)  # a thin line keeps its blackness
    return np.asarray(np.clip(changed / np.maximum(peak, 0.35), 0, 1), np.float32)


def _neighbours(images: Array) -> Array:
    """The picture and its four shifts by a pixel: (5, batch, size, size)."""
    padded = np.pad(images, ((0, 0), (1, 1), (1, 1)))
    size = images.shape[1]
    shifts = ((1, 1), (0, 1), (2, 1), (1, 0), (1, 2))
    return np.stack([padded[:, y : y + size, x : x + size] for y, x in shifts])


def break_lines(images: Array, rng: np.random.Generator, share: float = 0.12) -> Array:
    """Rub a thin straight gap out of a `share` of the pictures, as a dry pen does."""
    batch, size, _ = images.shape
    axis = np.arange(size, dtype=np.float32) + 0.5
    angle = rng.uniform(0, np.pi, (batch, 1, 1)).astype(np.float32)
    place = rng.uniform(8, size - 8, (batch, 2, 1, 1)).astype(np.float32)
    across = np.cos(angle) * (axis[None, None, :] - place[:, 0]) + np.sin(angle) * (axis[None, :, None] - place[:, 1])
    along = np.sin(angle) * (axis[None, None, :] - place[:, 0]) - np.cos(angle) * (axis[None, :, None] - place[:, 1])
    half = rng.uniform(0.4, 1.1, (batch, 1, 1)).astype(np.float32)
    gap = np.clip(np.maximum(np.abs(across) - half, np.abs(along) - 4) + 0.5, 0, 1)  # 0 in the gap
    keep = rng.random((batch, 1, 1)) >= share
    return np.where(keep, images, images * gap).astype(np.float32)


def add_noise(images: Array, rng: np.random.Generator, share: float, most: float) -> Array:
    """Add Gaussian noise, its standard deviation up to `most`, to a `share` of the pictures, as a poor camera does."""
    deviation = np.where(rng.random(len(images)) < share, rng.uniform(0, most, len(images)), 0).astype(np.float32)
    noise = deviation[:, None, None] * rng.standard_normal(images.shape, np.float32)
    return np.clip(images + noise, 0, 1)


def lower_resolution(images: Array, rng: np.random.Generator, share: float) -> Array:
    """Bring a `share` of the pictures to fewer pixels and back, as a small scan that was enlarged."""
    matrices = _coarsening(images.shape[1])[rng.integers(0, len(COARSE), len(images))]  # (batch, size, size)
    small = matrices @ images @ matrices.transpose(0, 2, 1)
    peak = small.max(axis=(1, 2), keepdims=True)  # a thin line keeps its blackness
    chosen = rng.random((len(images), 1, 1)) < share
    return np.where(chosen, np.clip(small / np.maximum(peak, 0.35), 0, 1), images).astype(np.float32)


@lru_cache(maxsize=1)
def _coarsening(size: int) -> Array:
    """Weights that average a row of `size` pixels down to each of COARSE and go straight back: (kinds, size, size)."""
    place = np.arange(size)
    rows = []
    for few in COARSE:
        edges = np.arange(few + 1)[:, None] * size / few
        down = np.clip(np.minimum(edges[1:], place + 1) - np.maximum(edges[:-1], place), 0, None) * few / size
        spot = np.clip((place + 0.5) * few / size - 0.5, 0, few - 1)
        up = np.clip(1 - np.abs(spot[:, None] - np.arange(few)), 0, None)
        rows.append(up @ down)
    return np.asarray(rows, np.float32)
