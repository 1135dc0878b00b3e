"""Pictures to keep: side by side, with their colour scale and a caption, as one PNG."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from io import BytesIO
from typing import Final

from PIL import Image, ImageDraw, ImageFont

from cnn.array_types import Pixels
from ui.images import evidence_veil

Font = ImageFont.FreeTypeFont | ImageFont.ImageFont

SIDE: Final = 384  # px: the longer side of a picture, unless it is larger by itself
MARGIN, TEXT, SMALL = 16, 18, 15  # px
RAMP_PX: Final = (160, 12)
PAPER, INK, MUTED = "white", "#1a1a1a", "#555555"


@dataclass(frozen=True, slots=True, eq=False)
class FigurePanel:
    """One picture.

    Attributes:
        title: a few words above it; "" without.
        pixels: uint8 (height, width), (height, width, 3) or (height, width, 4).
        over: what is laid on top, RGBA uint8 of any size; it is smoothed to the picture's.
        opacity: of what is laid on top, in [0, 1].
        box: around a part of it: left, top, width, height as shares of the picture.
    """

    title: str
    pixels: Pixels
    over: Pixels | None = None
    opacity: float = 1.0
    box: tuple[float, float, float, float] | None = None


@dataclass(frozen=True, slots=True)
class FigureScale:
    """What the colours mean: a ramp, and words or numbers for its two ends."""

    low: str = "little"
    high: str = "much"
    ramp: Pixels | None = None  # that of `ui.images.evidence_veil` if None


def figure_png(panels: Sequence[FigurePanel], caption: str, scale: FigureScale | None = None) -> bytes:
    """Draw pictures side by side, their scale, and a caption below, on white.

    Args:
        panels: at least one; small ones are enlarged by whole numbers, so that their pixels stay sharp.
        caption: what is seen, wrapped to the width of the pictures.
        scale: of their colours; None where colour means nothing.
    Returns: a PNG.
    """
    text, small = ImageFont.load_default(TEXT), ImageFont.load_default(SMALL)
    drawn = [_drawn(panel) for panel in panels]
    head = TEXT + MARGIN if any(panel.title for panel in panels) else 0
    width = sum(one.width + MARGIN for one in drawn) + MARGIN
    bottom = MARGIN + head + max(one.height for one in drawn) + MARGIN
    lines = _wrapped(caption, text, width - 2 * MARGIN)
    height = bottom + (SMALL + MARGIN if scale else 0) + len(lines) * (TEXT + 6) + MARGIN
    page = Image.new("RGB", (width, height), PAPER)
    pen = ImageDraw.Draw(page)
    x = MARGIN
    for panel, one in zip(panels, drawn, strict=True):
        pen.text((x, MARGIN), _fitting(panel.title, text, one.width), INK, text)
        page.paste(one, (x, MARGIN + head))
        x += one.width + MARGIN
    if scale:
        _ramp(page, pen, scale, (MARGIN, bottom), small)
        bottom += SMALL + MARGIN
    for number, line in enumerate(lines):
        pen.text((MARGIN, bottom + number * (TEXT + 6)), line, INK, text)
    return _file(page)


def _drawn(panel: FigurePanel) -> Image.Image:
    """Enlarge a picture by a whole number, and lay on top what belongs there."""
    given = Image.fromarray(panel.pixels).convert("RGBA")
    factor = max(1, SIDE // max(given.size))
    whole = Image.new("RGBA", (given.width * factor, given.height * factor), PAPER)
    whole.alpha_composite(given.resize(whole.size, Image.Resampling.NEAREST))
    if panel.over is not None:
        over = Image.fromarray(panel.over).resize(whole.size, Image.Resampling.BICUBIC)
        over.putalpha(over.getchannel("A").point(lambda alpha: round(alpha * panel.opacity)))
        whole.alpha_composite(over)
    if panel.box:
        _frame(whole, panel.box)
    return whole.convert("RGB")


def _frame(whole: Image.Image, box: tuple[float, float, float, float]) -> None:
    left, top, right, bottom = box[0], box[1], box[0] + box[2], box[1] + box[3]
    edges = (left * whole.width, top * whole.height, right * whole.width - 1, bottom * whole.height - 1)
    pen = ImageDraw.Draw(whole)
    pen.rectangle(edges, outline="black", width=4)
    pen.rectangle(edges, outline="white", width=2)


def _ramp(page: Image.Image, pen: ImageDraw.ImageDraw, scale: FigureScale, at: tuple[int, int], font: Font) -> None:
    """Draw the scale between its two words."""
    x, y = at
    pen.text((x, y), scale.low, MUTED, font)
    x += round(pen.textlength(scale.low, font)) + 8
    ramp = (
        Image.fromarray(evidence_veil.veil_ramp() if scale.ramp is None else scale.ramp).convert("RGBA").resize(RAMP_PX)
    )
    page.paste(ramp, (x, y + 3), ramp)
    pen.text((x + RAMP_PX[0] + 8, y), scale.high, MUTED, font)


def _wrapped(caption: str, font: Font, width: int) -> list[str]:
    """Break a text into lines of at most `width` px; a longer word stands alone."""
    lines: list[str] = []
    for word in caption.split():
        longer = f"{lines[-1]} {word}" if lines else word
        if lines and font.getlength(longer) <= width:
            lines[-1] = longer
        else:
            lines.append(word)
    return lines


def _fitting(title: str, font: Font, width: int) -> str:
    """Cut a title that is wider than its picture."""
    if font.getlength(title) <= width:
        return title
    while title and font.getlength(f"{title}...") > width:
        title = title[:-1]
    return f"{title.rstrip()}..."


def _file(page: Image.Image) -> bytes:
    file = BytesIO()
    page.save(file, "PNG")
    return file.getvalue()
