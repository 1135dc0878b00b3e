"""Write assets/icon.png: a 3x3 kernel, dark to light, on the app's blue."""

from PIL import Image, ImageDraw

from cnn.paths import ASSETS

SIDE, GAP, EDGE = 128, 6, 14  # px
SHADES = (90, 150, 235, 150, 235, 150, 235, 150, 90)  # opacity of the nine weights


def main() -> None:
    """Draw the icon."""
    icon = Image.new("RGBA", (SIDE, SIDE), (0, 0, 0, 0))
    pen = ImageDraw.Draw(icon, "RGBA")
    pen.rounded_rectangle((0, 0, SIDE - 1, SIDE - 1), 28, fill=(11, 98, 196, 255))
    cell = (SIDE - 2 * EDGE - 2 * GAP) / 3
    for i, shade in enumerate(SHADES):
        x, y = EDGE + (i % 3) * (cell + GAP), EDGE + (i // 3) * (cell + GAP)
        layer = Image.new("RGBA", icon.size, (0, 0, 0, 0))
        ImageDraw.Draw(layer).rounded_rectangle((x, y, x + cell, y + cell), 7, fill=(255, 255, 255, shade))
        icon.alpha_composite(layer)
    icon.save(ASSETS / "icon.png", optimize=True)


if __name__ == "__main__":
    main()
