"""Characters from fonts: which are asked for, what becomes of them, and that none are needed."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import matplotlib
import numpy as np
import pytest

from cnn.datasets import writing_systems

ANY_FONT = Path(matplotlib.get_data_path()) / "fonts" / "ttf" / "DejaVuSans.ttf"


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A folder of two scripts, one of them kept back, and of what no pen writes."""
    for name in ("SansThai", "SansTifinagh", "SansThai-Bold", "SansCuneiform"):
        shutil.copy(ANY_FONT, tmp_path / f"Noto{name}{'' if '-' in name else '-Regular'}.ttf")
    monkeypatch.setenv(writing_systems.FONTS_VARIABLE, str(tmp_path))
    writing_systems.trace_characters.cache_clear()
    yield tmp_path
    writing_systems.trace_characters.cache_clear()


def test_held_out_scripts_are_never_trained_on(folder: Path) -> None:
    assert [font.name for font in writing_systems.list_fonts()] == ["NotoSansThai-Regular.ttf"]
    assert [font.name for font in writing_systems.list_fonts(held_out=True)] == ["NotoSansTifinagh-Regular.ttf"]


def test_characters_are_strokes_in_a_box(folder: Path) -> None:
    glyphs = writing_systems.trace_characters(most=40)
    assert 20 < len(glyphs) <= 40
    for glyph in glyphs:
        points = np.array([point for stroke in glyph for point in stroke])
        assert len(points) <= writing_systems.POINTS
        assert np.ptp(points, axis=0).max() == pytest.approx(writing_systems.HEIGHT)
    assert glyphs == writing_systems.trace_characters.__wrapped__(most=40)


def test_without_the_fonts_there_are_none(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(writing_systems.FONTS_VARIABLE, str(tmp_path / "nowhere"))
    writing_systems.trace_characters.cache_clear()
    assert writing_systems.trace_characters() == ()


def test_without_what_reads_them_there_are_none(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(writing_systems, "find_spec", lambda name: None)
    assert writing_systems.trace_characters() == ()


@pytest.mark.parametrize("char", "7٣५①½Ⅷ²OlZ|Óş")
def test_what_may_be_a_digit_is_never_taught_as_none(char: str) -> None:
    assert not writing_systems._is_no_digit(char)


@pytest.mark.parametrize("char", "ΩЖ→+✓かאW?")
def test_letters_and_signs_are(char: str) -> None:
    assert writing_systems._is_no_digit(char)
