"""Heat maps in colour."""

import numpy as np

from ui import colours


def test_little_is_transparent_and_much_is_opaque_and_bright() -> None:
    little, much = colours.paint(np.array([[0, 1]], np.float32))[0].astype(int)
    assert (little[3], much[3]) == (0, 255)
    assert much[:3].sum() > little[:3].sum()


def test_the_scale_grows_brighter_all_along() -> None:
    """Whoever sees no colours reads the brightness."""
    brightness = colours.table() @ np.array([0.299, 0.587, 0.114])
    assert (np.diff(brightness) > -1).all()
    assert colours.ramp().shape[2] == 4
