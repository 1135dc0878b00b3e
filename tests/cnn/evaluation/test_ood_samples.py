"""Pictures of no class."""

import numpy as np

from cnn.evaluation.ood_samples import OOD_PER_KIND, ood_digits, ood_photos


def test_held_out_outliers_repeat_themselves() -> None:
    one, same = ood_digits(1), ood_digits(1)
    assert set(one) == {"letters", "scribbles"}
    assert all(np.array_equal(one[kind], same[kind]) for kind in one)


def test_photos_of_other_things_are_inputs_of_a_photo_network() -> None:
    strange = ood_photos(1)
    assert set(strange) == {"noise", "stripes", "letters", "photos of other things"}
    for pictures in strange.values():
        assert pictures.shape[1:] == (32, 32, 3)
        assert 0 <= pictures.min() < pictures.max() <= 1
    assert len(strange["photos of other things"]) % (OOD_PER_KIND // 10) == 0
