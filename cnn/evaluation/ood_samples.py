"""Pictures of no class, never trained on, by kind: what a network must not claim to know. No TensorFlow."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Final

import numpy as np

from cnn.array_types import Array, Pixels
from cnn.datasets import synthetic_handwriting, writing_systems
from cnn.datasets.evaluation_sets import find_picture_set
from cnn.media import image_decoding
from cnn.paths import ASSETS
from cnn.zoo import OTHER_THINGS, OTHER_THINGS_CROPS

OOD_PER_KIND = 2_000  # of each kind
SMALLEST_CROP = 0.5  # of the shorter side
SAMPLE_PHOTOS = ASSETS / "photos"
OTHER_THINGS_FILES = (  # sample photos that show none of CIFAR-10's classes, in the order that crops are drawn in
    *("coffee.jpg", "rocket.jpg", "astronaut.jpg"),
    *("camera.jpg", "retina.jpg", "galaxies.jpg"),
)


def ood_digits(seed: int) -> dict[str, Array]:
    """Draw letters, scribbles and signs of kinds that training never showed: (n, 28, 28, 1) each.

    Where the fonts of `cnn.datasets.writing_systems` are, characters of whole scripts that it never showed as well.
    """
    drawn, rng = letters_and_scribbles(seed), np.random.default_rng([seed, 8])
    drawn["signs"] = _drawn([synthetic_handwriting.write_sign(rng, held_out=True) for _ in range(OOD_PER_KIND)], rng)
    if glyphs := writing_systems.trace_characters(held_out=True):
        chosen = rng.permutation(np.arange(OOD_PER_KIND) % len(glyphs))
        drawn["scripts"] = _drawn([synthetic_handwriting.write_glyph(glyphs[i], rng) for i in chosen], rng)
    return drawn


def letters_and_scribbles(seed: int) -> dict[str, Array]:
    """Draw the first two kinds of `ood_digits`."""
    rng = np.random.default_rng([seed, 4])
    letters = [synthetic_handwriting.write_letter(rng, held_out=True) for _ in range(OOD_PER_KIND)]
    scribbles = [synthetic_handwriting.write_scribble(rng, held_out=True) for _ in range(OOD_PER_KIND)]
    return {"letters": _drawn(letters, rng), "scribbles": _drawn(scribbles, rng)}


def _drawn(drawings: list[list[Array]], rng: np.random.Generator) -> Array:
    return synthetic_handwriting.render_handwriting(drawings, rng)[..., None]


def noise_and_stripes(seed: int) -> dict[str, Array]:
    """Make noise and stripes, (n, 32, 32, 3) each: the least that a photo network must not know."""
    rng = np.random.default_rng([seed, 4])
    noise = rng.random((OOD_PER_KIND, 32, 32, 3), np.float32)
    phase, step = rng.uniform(0, 6, (2, OOD_PER_KIND, 1, 1, 1))
    stripes = (np.sin(np.arange(32)[:, None, None] * (0.2 + step / 3) + phase) + 1) / 2
    return {"noise": noise, "stripes": np.broadcast_to(stripes, noise.shape).astype(np.float32)}


def ood_photos(seed: int) -> dict[str, Array]:
    """Add photos of other things to what shows nothing: (n, 32, 32, 3) each."""
    return ood_own_photos(seed) | {OTHER_THINGS: np.stack(list(_other_things(seed)))}


def _other_things(seed: int) -> Iterator[Array]:
    """Cut squares out of the sample photos that show none of CIFAR-10's classes, each (32, 32, 3)."""
    rng = np.random.default_rng([seed, 5])
    for file in OTHER_THINGS_FILES:
        pixels = image_decoding.decode_image((SAMPLE_PHOTOS / file).read_bytes(), file).pixels
        for _ in range(OTHER_THINGS_CROPS):
            yield image_decoding.resize_for_network(_square(pixels, rng), 32, 32)


def _square(pixels: Pixels, rng: np.random.Generator) -> Pixels:
    height, width, _ = pixels.shape
    side = int(min(height, width) * rng.uniform(SMALLEST_CROP, 1))
    top, left = rng.integers(0, height - side + 1), rng.integers(0, width - side + 1)
    return pixels[top : top + side, left : left + side]


def ood_clothes(seed: int) -> dict[str, Array]:
    """Take letters, scribbles, MNIST's test digits, noise and stripes: (n, 28, 28, 1) each."""
    digits = find_picture_set("mnist").read().images[:OOD_PER_KIND].astype(np.float32) / np.float32(255)
    plain = {kind: images[:, :28, :28, :1] for kind, images in noise_and_stripes(seed).items()}
    return letters_and_scribbles(seed) | {"digits": digits} | plain


def ood_own_photos(seed: int) -> dict[str, Array]:
    """Take what shows none of anybody's classes of photos: noise, stripes and letters, (n, 32, 32, 3) each."""
    letters = (letters_and_scribbles(seed)["letters"] * 255).astype(np.uint8).repeat(3, axis=3)
    shrunk = np.stack([image_decoding.resize_for_network(letter, 32, 32) for letter in letters])
    return noise_and_stripes(seed) | {"letters": shrunk}


OodSampler = Callable[[int], dict[str, Array]]
OOD_SAMPLERS: Final[Mapping[str, OodSampler]] = {"mnist": ood_digits, "fashion": ood_clothes, "cifar10": ood_photos}


def ood_sampler(data: str) -> OodSampler:
    """Say what draws pictures of no class for the networks of a data set; those not in the table are of one's own."""
    return OOD_SAMPLERS.get(data, ood_own_photos)
