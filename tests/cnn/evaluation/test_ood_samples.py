"""Pictures of no class."""

import numpy as np
import pytest

from cnn import zoo
from cnn.datasets.glyphs import Glyph
from cnn.datasets.signs import SIGN_GLYPHS
from cnn.evaluation import ood_samples
from cnn.evaluation.ood_samples import ood_digits, ood_photos


@pytest.mark.parametrize(("glyphs", "more"), [((), set()), ((SIGN_GLYPHS["star"], SIGN_GLYPHS["fish"]), {"scripts"})])
def test_held_out_outliers_repeat_themselves(
    glyphs: tuple[Glyph, ...], more: set[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(ood_samples, "OOD_PER_KIND", 30)
    monkeypatch.setattr(ood_samples.writing_systems, "trace_characters", lambda held_out: glyphs if held_out else None)
    one, same = ood_digits(1), ood_digits(1)
    assert set(one) == {"letters", "scribbles", "signs"} | more
    assert all(np.array_equal(one[kind], same[kind]) for kind in one)
    assert {pictures.shape for pictures in one.values()} == {(30, 28, 28, 1)}


def test_photos_of_other_things_are_inputs_of_a_photo_network(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ood_samples, "OOD_PER_KIND", 30)
    monkeypatch.setattr(ood_samples, "OTHER_THINGS_CROPS", 3)
    strange = ood_photos(1)
    assert set(strange) == {"noise", "stripes", "letters", "photos of other things"}
    for pictures in strange.values():
        assert pictures.shape[1:] == (32, 32, 3)
        assert 0 <= pictures.min() < pictures.max() <= 1
    assert len(strange["photos of other things"]) == 3 * zoo.OTHER_THINGS_PHOTOS, "as the Photo page says"
