"""Write assets/home/*.png: what LeNet does with a seven, step by step, from the shipped weights."""

import json

import numpy as np
from matplotlib.font_manager import findfont
from PIL import Image, ImageDraw, ImageFont

from cnn import zoo
from cnn.architectures import find_architecture
from cnn.array_types import Array
from cnn.keras_backend import keras
from cnn.metrics.softmax import softmax
from cnn.paths import ASSETS
from cnn.preprocessing.rasterize import smooth_strokes, strokes_to_mnist
from scripts.make_colormaps import ZERO, palettes

FOLDER = ASSETS / "home"
SIDE, GAP, LETTER = 336, 12, 36  # px
TALL = (SIDE * 3 + GAP) // 2  # three rows of two
BLUE, GREY = (11, 98, 196, 255), (140, 150, 160, 255)


def main() -> None:
    """Draw the five pictures of the home page."""
    FOLDER.mkdir(exist_ok=True)
    drawings = json.loads((FOLDER.parent / "digits" / "samples.json").read_text(encoding="utf-8"))
    seven = strokes_to_mnist(smooth_strokes([np.asarray(stroke, np.float32) for stroke in drawings[7]["strokes"]]))
    model = find_architecture("lenet").build((28, 28, 1), 10)
    model.load_weights(zoo.NETWORKS_FOLDER / "mnist" / "lenet.weights.h5")
    kernels = np.moveaxis(model.get_layer("c1").kernel.numpy()[:, :, 0], -1, 0)  # (6, 5, 5)
    maps, pooled = (layer_maps(model, name, seven) for name in ("c1", "s2"))
    logits = keras.Model(model.input, model.output)(seven[None, ..., None]).numpy()[0]
    save("pixels", Image.fromarray(np.rint(seven * 255).astype(np.uint8)))
    save("kernels", grid([Image.fromarray(paint_signed(kernel, abs(kernel).max())) for kernel in kernels]))
    save("maps", grid([Image.fromarray(paint_signed(one, 1)) for one in maps]))
    save("pooled", grid([Image.fromarray(paint_signed(one, 1)) for one in pooled]))
    save("answer", bars(softmax(logits)))


def layer_maps(model: keras.Model, name: str, picture: Array) -> list[Array]:
    """Ask what the layer `name` makes of `picture`: one array a channel."""
    layer = keras.Model(model.input, model.get_layer(name).output)
    return list(np.moveaxis(layer(picture[None, ..., None]).numpy()[0], -1, 0))


def paint_signed(values: Array, most: float) -> Array:
    """Colour numbers between -most and most as the app does: uint8 (height, width, 3)."""
    colours: Array = palettes()[1][np.rint(ZERO + values / most * (255 - ZERO)).astype(np.uint8)]
    return colours


def grid(pictures: list[Image.Image], columns: int = 2) -> Image.Image:
    """Put pictures beside and below each other, with clear gaps."""
    side = (SIDE - GAP * (columns - 1)) // columns
    rows = -(-len(pictures) // columns)
    sheet = Image.new("RGBA", (SIDE, rows * side + GAP * (rows - 1)))
    for i, picture in enumerate(pictures):
        place = ((i % columns) * (side + GAP), (i // columns) * (side + GAP))
        sheet.paste(picture.resize((side, side), Image.Resampling.NEAREST), place)
    return sheet


def bars(shares: Array) -> Image.Image:
    """Draw one bar a digit, its name before it, the winner in blue."""
    sheet = Image.new("RGBA", (SIDE, TALL))
    pen, font = ImageDraw.Draw(sheet), ImageFont.truetype(findfont("DejaVu Sans"), LETTER)
    step = TALL / len(shares)
    for i, share in enumerate(shares):
        colour = BLUE if share == shares.max() else GREY
        middle = (i + 0.5) * step
        pen.text((0, middle), str(i), fill=colour, font=font, anchor="lm")
        length = max(6, round(float(share) * (SIDE - 2 * LETTER)))
        pen.rectangle((LETTER * 1.2, middle - step * 0.28, LETTER * 1.2 + length, middle + step * 0.28), fill=colour)
    return sheet


def save(name: str, picture: Image.Image) -> None:
    """Write one picture; a single array is brought to the size of the grids, so that the words below stand level."""
    if picture.width < SIDE:
        sheet = Image.new("RGBA", (SIDE, TALL))
        sheet.paste(picture.resize((SIDE, SIDE), Image.Resampling.NEAREST), (0, (TALL - SIDE) // 2))
        picture = sheet
    picture.save(FOLDER / f"{name}.png", optimize=True)


if __name__ == "__main__":
    main()
