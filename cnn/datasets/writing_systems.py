"""Characters of the world's scripts as pen strokes, from the outlines of Debian's Noto fonts.

For training and measuring only: no outline is shipped, and without the fonts there are simply none.
`apt-get install fonts-noto-core fonts-noto-extra` brings them; CONVSCOPE_FONTS names another folder.
"""

from __future__ import annotations

import os
import unicodedata
from functools import lru_cache
from importlib.util import find_spec
from pathlib import Path
from typing import Final

import numpy as np
from PIL import Image, ImageFont

from cnn.datasets.glyphs import Glyph
from cnn.datasets.skeleton import Mask, skeletonize, trace_skeleton

FONTS_VARIABLE: Final = "CONVSCOPE_FONTS"
DEBIAN: Final = Path("/usr/share/fonts/truetype/noto")
MOST: Final = 150  # characters of a font: so that none of the large scripts drowns the others
PLAIN: Final = ("Tifinagh", "OldSouthArabian", "Carian", "Osmanya")  # scripts of few straight strokes and rings
HELD_OUT: Final = (*PLAIN, "Glagolitic", "Gurmukhi", "Georgian", "Malayalam", "Hebrew")  # never trained on
UNWRITTEN: Final = ("Display", "Mono", "Cuneiform", "Hieroglyphs", "SignWriting", "Tangut", "Siyaq", "Supplement")
ONE_OF_TEN: Final = frozenset("0123456789OoQDCIilZzSsBbGgqyJjUVvu|")  # Latin letters that may be meant as digits
SIDE_PX, MARGIN_PX = 52, 4  # of an outline while it is thinned
INK: Final = 110  # of 255
SPUR_PX, TOLERANCE_PX = 7, 1.3
POINTS: Final = 90  # more is no character that a pen draws in 28 px
HEIGHT: Final = 1.3  # longer side of a character, in the unit of `glyphs`


def fonts_folder() -> Path:
    """Say where the fonts lie, whether they are there or not."""
    return Path(os.environ.get(FONTS_VARIABLE) or DEBIAN)


def list_fonts(held_out: bool = False) -> list[Path]:
    """List the fonts to learn from, or those of the scripts that are kept back to measure with."""
    found = sorted(fonts_folder().glob("Noto*-Regular.ttf"))
    return [
        font
        for font in found
        if not any(word in font.name for word in UNWRITTEN) and any(w in font.name for w in HELD_OUT) == held_out
    ]


@lru_cache(maxsize=2)
def trace_characters(held_out: bool = False, most: int = MOST) -> tuple[Glyph, ...]:
    """Trace characters, signs and symbols; digits, and letters that may be meant as one, are left out.

    Args:
        held_out: of the scripts that are kept back, else of all others.
        most: of a font, chosen at random, always the same ones.
    Returns: about 11,000, in 15 s; none where the fonts, or Matplotlib, which reads what they hold, are not on this
        machine.
    """
    if find_spec("matplotlib") is None:
        return ()
    return tuple(glyph for font in list_fonts(held_out) for glyph in _of(font, most))


def _of(path: Path, most: int) -> list[Glyph]:
    from matplotlib.ft2font import FT2Font

    basic = path.name in ("NotoSans-Regular.ttf", "NotoSerif-Regular.ttf")
    signs = "Math" in path.name or "Symbols" in path.name
    codes = [code for code in sorted(FT2Font(str(path)).get_charmap()) if _is_no_digit(chr(code))]
    if not basic and not signs:  # every font repeats Latin letters and punctuation
        codes = [code for code in codes if code > 0x024F and not 0x2000 <= code < 0x2070]
    chosen = np.sort(np.random.default_rng(0).permutation(len(codes))[:most])
    font = ImageFont.truetype(path, SIDE_PX, layout_engine=ImageFont.Layout.BASIC)
    masks = [mask for i in chosen if (mask := _mask(font, chr(codes[i]))) is not None]
    skeletons = skeletonize(np.stack(masks)) if masks else ()
    return [glyph for skeleton in skeletons if (glyph := _strokes(skeleton))]


def _is_no_digit(char: str) -> bool:
    """Tell letters, signs and punctuation from digits, from what stands for one, and from accents."""
    category, name = unicodedata.category(char), unicodedata.name(char, "")
    plain = unicodedata.normalize("NFKD", char)
    numeral = any(word in name for word in ("DIGIT", "NUMBER", "NUMERIC"))
    alike = any(one in ONE_OF_TEN for one in (plain if "LATIN" not in name else plain[:1]))
    return category[0] in "LSP" and category not in ("Lm", "Sk") and not numeral and not alike


def _mask(font: ImageFont.FreeTypeFont, char: str) -> Mask | None:
    """Draw a character filled, its longer side SIDE_PX; None for a blank or a speck."""
    drawn = font.getmask(char, mode="L")
    ink = np.asarray(drawn, np.uint8).reshape(drawn.size[::-1])
    rows, columns = np.flatnonzero(ink.any(axis=1)), np.flatnonzero(ink.any(axis=0))
    if not len(rows) or max(len(rows), len(columns)) < SIDE_PX // 6:
        return None
    ink = ink[rows[0] : rows[-1] + 1, columns[0] : columns[-1] + 1]
    scale = SIDE_PX / max(ink.shape)
    size = max(1, round(ink.shape[1] * scale)), max(1, round(ink.shape[0] * scale))
    filled = np.asarray(Image.fromarray(ink).resize(size, Image.Resampling.BILINEAR)) > INK
    frame = np.zeros((SIDE_PX + 2 * MARGIN_PX,) * 2, bool)
    frame[MARGIN_PX : MARGIN_PX + size[1], MARGIN_PX : MARGIN_PX + size[0]] = filled
    return frame


def _strokes(skeleton: Mask) -> Glyph:
    """Trace a skeleton into a box of HEIGHT; nothing where there is too little or too much of it."""
    lines = trace_skeleton(skeleton, SPUR_PX, TOLERANCE_PX)
    points = np.vstack(lines) if lines else np.zeros((1, 2))
    extent = float(np.ptp(points, axis=0).max())
    if len(points) > POINTS or extent < SPUR_PX:
        return ()
    scaled = [(line - points.min(axis=0)) * (HEIGHT / extent) for line in lines]
    return tuple(tuple((float(x), float(y)) for x, y in line) for line in scaled)
