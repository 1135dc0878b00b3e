"""A picture with a heat map on top, its opacity under one's finger, and the box that the map suggests."""

from __future__ import annotations

from dataclasses import asdict, dataclass

from ui.components import register

_component = register.register_component(__file__, shared=("stage",))

OverlayBox = tuple[float, float, float, float]  # left, top, width, height, as shares of the picture


@dataclass(frozen=True, slots=True)
class HeatmapOverlay:
    """What is shown.

    Attributes:
        photo: the picture, as a data URI.
        alt: what it shows, for who cannot see it.
        caption: one or two lines below; also says where the evidence lies, or why there is none yet.
        heat: the map in colour, as a data URI; "" while there is none.
        ramp: the scale of its colours, from little to much, as a data URI.
        box: around the strongest part; None without one.
    """

    photo: str
    alt: str
    caption: str
    heat: str = ""
    ramp: str = ""
    box: OverlayBox | None = None


def render_heatmap_overlay(shown: HeatmapOverlay, key: str) -> None:
    """Show it; the opacity stays in the browser and costs no message."""
    _component(key=key, data=asdict(shown))
