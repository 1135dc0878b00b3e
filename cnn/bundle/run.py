"""Ask this network about photos, such as with `python run.py network.tflite PHOTO`.

The first file says with what: network.tflite (pip install ai-edge-litert), network.onnx (pip install onnxruntime) or
network.keras (pip install keras tensorflow). All three answer alike; NumPy and Pillow are needed, too.
"""

import json
import sys
from pathlib import Path
from typing import Any

import numpy as np
from PIL import Image, ImageOps

HERE = Path(__file__).parent


def load(path: str) -> Any:
    """Give a function from a picture, uint8 (1, height, width, channels), to its answers by name."""
    if path.endswith(".keras"):
        import keras

        return keras.saving.load_model(path, compile=False)
    if path.endswith(".onnx"):
        import onnxruntime

        engine = onnxruntime.InferenceSession(path)
        names = [one.name for one in engine.get_outputs()]
        return lambda x: dict(zip(names, engine.run(None, {"picture": x}), strict=True))
    from ai_edge_litert.interpreter import Interpreter

    return lambda x: Interpreter(path).get_signature_runner()(picture=x)


def digit(grey: Any) -> Any:
    """Make a digit as MNIST has it out of a clean picture: ink 20 px long, its centre of mass in the middle."""
    ink = np.abs(grey - np.median(np.concatenate([grey[0], grey[-1], grey[:, 0], grey[:, -1]])))
    ink *= 255 / max(1.0, ink.max())
    (top, *_, bottom), (left, *_, right) = (np.flatnonzero(ink.max(axis) > 100) for axis in (1, 0))
    cut = Image.fromarray(ink[top : bottom + 1, left : right + 1].astype(np.uint8))
    small = ImageOps.contain(cut, (20, 20), Image.Resampling.BICUBIC)
    mass = np.asarray(small, np.float32)
    x, y = ((mass.sum(axis) @ np.arange(mass.shape[1 - axis])) / mass.sum() + 0.5 for axis in (0, 1))
    made = Image.new("L", (28, 28))
    made.paste(small, (round(14 - x), round(14 - y)))
    return np.asarray(made)[..., None]


if __name__ == "__main__":
    labels, card = (json.loads((HERE / f"{name}.json").read_text("utf-8")) for name in ("labels", "card"))
    network = load(str(HERE / sys.argv[1]))
    for path in sys.argv[2:]:
        photo = ImageOps.exif_transpose(Image.open(path)).convert("RGBA")
        photo = Image.alpha_composite(Image.new("RGBA", photo.size, "white"), photo).convert("RGB")
        pixels = np.array(photo) if card["takes"] == "photo" else digit(np.array(photo.convert("L"), np.float32))
        found = {name: np.asarray(one)[0] for name, one in network(pixels[None]).items()}
        answer, least = found["probabilities" if labels else "features"], card["least_familiarity"]
        told = ["none of these"] if least is not None and found["familiarity"] < least else []
        best = np.argsort(-answer)[:5]
        print(path, *told, *(f"{labels[i] if labels else i}: {answer[i]:.4f}" for i in best), sep="   ")
