"""The changes, one typed table."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from cnn.errors import UnknownName
from cnn.perturbations import geometric, photometric
from cnn.perturbations.perturbation import Perturbation

_ALL: Final = (
    Perturbation("shift", "Shift", "of the width", -0.4, 0.4, 0.02, 0, geometric.shift_right, "not in the middle"),
    Perturbation("turn", "Turn", "degrees", -90, 90, 5, 0, geometric.rotate, "seen from another angle"),
    Perturbation("scale", "Scale", "times", 0.4, 2, 0.1, 1, geometric.rescale, "farther away, or nearer"),
    Perturbation(
        "shear", "Shear", "degrees", -45, 45, 5, 0, geometric.shear_right, "leaning handwriting, a slanted view"
    ),
    Perturbation(
        "pen", "Stroke width", "px", -2, 4, 0.5, 0, photometric.thicken_strokes, "a pencil or a marker", photos=False
    ),
    Perturbation(
        "noise",
        "Noise",
        "of full brightness",
        0,
        0.6,
        0.02,
        0,
        photometric.add_gaussian_noise,
        "a dark room",
        corruption="Gaussian noise",
    ),
    Perturbation(
        "blur",
        "Gaussian blur",
        "of the side",
        0,
        0.12,
        0.005,
        0,
        photometric.gaussian_blur,
        "out of focus",
        corruption="Gaussian blur",
        extra=True,
    ),
    Perturbation(
        "jpeg",
        "JPEG",
        "quality lost",
        0,
        99,
        1,
        0,
        photometric.jpeg_compression,
        "saved too small",
        corruption="JPEG compression",
    ),
    Perturbation(
        "brightness",
        "Brightness",
        "of full brightness",
        -0.6,
        0.6,
        0.05,
        0,
        photometric.add_brightness,
        "dusk, or glaring sun",
        corruption="brightness",
    ),
    Perturbation(
        "contrast",
        "Contrast",
        "times",
        0.05,
        2,
        0.05,
        1,
        photometric.stretch_contrast,
        "fog, or hard light",
        corruption="contrast",
    ),
    Perturbation(
        "hue",
        "Hue",
        "degrees",
        -180,
        180,
        10,
        0,
        photometric.rotate_hue,
        "the same car in another colour",
        digits=False,
    ),
    Perturbation(
        "occlusion", "Occlusion", "of the side", 0, 0.8, 0.05, 0, photometric.occlude_square, "something in front of it"
    ),
)
PERTURBATIONS: Final[Mapping[str, Perturbation]] = {one.name: one for one in _ALL}


def find_perturbation(name: str) -> Perturbation:
    """Look one up.

    Raises: UnknownName: no change has that `name`.
    """
    if name not in PERTURBATIONS:
        raise UnknownName("change", name, PERTURBATIONS)
    return PERTURBATIONS[name]


def applicable_perturbations(digits: bool) -> tuple[Perturbation, ...]:
    """List the changes that make sense for digits, or for photos."""
    return tuple(one for one in _ALL if (one.digits if digits else one.photos))
