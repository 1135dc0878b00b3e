"""One brightness a pixel out of colours, so that ink differs from paper. Needs SciPy."""

import numpy as np
from scipy import ndimage

from cnn.array_types import Array
from cnn.preprocessing.grayscale import LUMA, shrink_picture

COARSE_PX = 160  # longer side on which colours are compared
NEAR = 0.15  # of the longer side: what is as wide as this is paper, light or a shadow
SAME_LUMA = 0.12  # of the squared contrast: where brightness holds less, ink differs by its colour


def to_brightness(colours: Array) -> Array:
    """Reduce colours to one number a pixel.

    That is the luma of television (ITU-R BT.601), unless ink and paper differ in colour and hardly in luma: then it is
    the first principal component of what stands out from its surroundings.

    Args:
        colours: float32 (height, width, 3) in [0, 1].
    Returns: float32 (height, width) in [0, 1].
    """
    luma = LUMA / np.linalg.norm(LUMA)
    small = np.stack([shrink_picture(colours[..., channel], COARSE_PX) for channel in range(3)], axis=-1)
    near = max(3, round(NEAR * max(small.shape)))
    apart = small - ndimage.uniform_filter(small, (near, near, 1), mode="nearest")
    spread = np.einsum("ijk,ijl->kl", apart, apart, dtype=np.float64)  # (3, 3)
    strengths, directions = np.linalg.eigh(spread)
    if luma @ spread @ luma >= SAME_LUMA * strengths[-1]:
        return colours @ LUMA
    direction = directions[:, -1] * np.copysign(1.0, directions[:, -1] @ LUMA)
    level = colours @ direction.astype(np.float32)
    return np.asarray(np.clip(level - np.median(level) + 0.5, 0, 1), np.float32)
