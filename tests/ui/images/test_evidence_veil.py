"""The veil over what says little."""

import numpy as np
from PIL import Image

from ui.images.evidence_veil import DARKEST, LIGHTEST, veil, veil_ramp


def seen(pixels: np.ndarray, heat: np.ndarray) -> np.ndarray:
    below = Image.fromarray(pixels).convert("RGBA").resize(heat.shape[::-1], Image.Resampling.NEAREST)
    below.alpha_composite(Image.fromarray(veil(pixels, heat)))
    return np.asarray(below)[..., :3].astype(int)


def test_what_speaks_keeps_its_colours_and_the_rest_is_dull_grey() -> None:
    orange = np.full((2, 2, 3), (240, 130, 20), np.uint8)
    found = seen(orange, np.array([[0, 0, 1, 1]] * 4, np.float32))
    assert (found[:, 2:] == (240, 130, 20)).all()
    assert np.ptp(found[:, :2], axis=-1).max() == 0
    assert DARKEST <= found[:, :2].min() <= found[:, :2].max() <= LIGHTEST


def test_evidence_on_black_paper_is_seen_too() -> None:
    found = seen(np.zeros((4, 4), np.uint8), np.array([[0, 0.5, 1, 7]] * 4, np.float32))[0, :, 0]
    assert (np.diff(found[:3]) < -20).all()
    assert found[2] == found[3] == 0


def test_the_scale_lifts_the_veil() -> None:
    contrast = [np.ptp(part.astype(int)) for part in np.array_split(veil_ramp(), 8, axis=1)]
    assert contrast == sorted(contrast)
    assert contrast[-1] > 2 * contrast[0]
