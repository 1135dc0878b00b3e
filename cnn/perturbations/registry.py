"""The changes, one typed table."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from cnn.errors import UnknownName
from cnn.perturbations import geometric, photometric
from cnn.perturbations.perturbation import Perturbation

_ALL: Final = (
    Perturbation("shift", "Shift", "of the width", -0.4, 0.4, 0.02, 0, geometric.shift, "not in the middle"),
    Perturbation("turn", "Turn", "degrees", -90, 90, 5, 0, geometric.turn, "seen from another angle"),
    Perturbation("scale", "Scale", "times", 0.4, 2, 0.1, 1, geometric.scale, "farther away, or nearer"),
    Perturbation("shear", "Shear", "degrees", -45, 45, 5, 0, geometric.shear, "leaning handwriting, a slanted view"),
    Perturbation("pen", "Stroke width", "px", -2, 4, 0.5, 0, photometric.pen, "a pencil or a marker", photos=False),
    Perturbation(
        "noise",
        "Noise",
        "of full brightness",
        0,
        0.6,
        0.02,
        0,
        photometric.noise,
        "a dark room",
        corruption="Gaussian noise",
    ),
    Perturbation(
        "blur", "Blur", "of the side", 0, 0.12, 0.005, 0, photometric.blur, "out of focus", corruption="Gaussian blur"
    ),
    Perturbation(
        "jpeg", "JPEG", "quality lost", 0, 99, 1, 0, photometric.jpeg, "saved too small", corruption="JPEG compression"
    ),
    Perturbation(
        "brightness",
        "Brightness",
        "of full brightness",
        -0.6,
        0.6,
        0.05,
        0,
        photometric.brightness,
        "dusk, or glaring sun",
        corruption="brightness",
    ),
    Perturbation(
        "contrast",
        "Contrast",
        "times",
        0.1,
        2,
        0.1,
        1,
        photometric.contrast,
        "fog, or hard light",
        corruption="contrast",
    ),
    Perturbation(
        "hue", "Hue", "degrees", -180, 180, 10, 0, photometric.hue, "the same car in another colour", digits=False
    ),
    Perturbation(
        "occlusion", "Occlusion", "of the side", 0, 0.8, 0.05, 0, photometric.occlusion, "something in front of it"
    ),
)
PERTURBATIONS: Final[Mapping[str, Perturbation]] = {one.name: one for one in _ALL}


def perturbation(name: str) -> Perturbation:
    """Look one up.

    Raises: UnknownName: no change has that `name`.
    """
    if name not in PERTURBATIONS:
        raise UnknownName("change", name, PERTURBATIONS)
    return PERTURBATIONS[name]


def fitting(digits: bool) -> tuple[Perturbation, ...]:
    """List the changes that make sense for digits, or for photos."""
    return tuple(one for one in _ALL if (one.digits if digits else one.photos))
