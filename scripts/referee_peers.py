"""The other side of `scripts/referee.py`: what PyTorch, captum and their like find, on networks built there once more.

Runs in an environment of its own, with what `scripts/referee-requirements.txt` lists, and imports nothing of ConvScope:
a network is read from its `.layers.json` and from weights, pictures and answers that the referee wrote into a folder.

    python scripts/referee_peers.py FOLDER    # writes FOLDER/peers.npz and FOLDER/versions.json
"""

import json
import sys
import warnings
from collections.abc import Callable, Iterator
from importlib.metadata import version
from pathlib import Path
from typing import Any

import numpy as np
import torch
from torch import nn
from torch.nn import functional

PEERS = ("torch", "captum", "grad-cam", "netcal", "statsmodels", "fvcore", "scikit-learn")
Layer = dict[str, Any]


class Twin(nn.Module):
    """A network in PyTorch, layer by layer as its graph says; from (n, channels, height, width) to logits."""

    def __init__(self, layers: list[Layer], weights: dict[str, np.ndarray], reach: bool = False) -> None:
        """Build it; for `reach`, of layers that let everything through, so that gradients show who sees whom."""
        super().__init__()
        self.graph = layers
        shapes = {layer["name"]: layer["shape"] for layer in layers}
        self.steps = nn.ModuleDict(
            {one["name"]: _module(one, shapes[one["inputs"][0]], weights, reach) for one in layers[1:]}
        )

    def forward(self, images: torch.Tensor) -> torch.Tensor:
        """Compute the logits."""
        return self.every(images)[self.graph[-1]["name"]]

    def every(self, images: torch.Tensor) -> dict[str, torch.Tensor]:
        """Compute what every layer makes of the images."""
        made = {self.graph[0]["name"]: images}
        for layer in self.graph[1:]:
            made[layer["name"]] = self.steps[layer["name"]](*(made[name] for name in layer["inputs"]))
        return made


class Padded(nn.Module):
    """A window with TensorFlow's padding: the odd row and column lie below and on the right."""

    def __init__(self, window: nn.Module, sides: tuple[int, int, int, int], fill: float, average: bool) -> None:
        super().__init__()
        self.window, self.sides, self.fill, self.average = window, sides, fill, average

    def forward(self, maps: torch.Tensor) -> torch.Tensor:
        """Pad, and let the window slide."""
        made = self.window(functional.pad(maps, self.sides, value=self.fill))
        if not self.average:
            return made
        return made / self.window(functional.pad(torch.ones_like(maps), self.sides))  # padding is not averaged


class Plainly(nn.Module):
    """A function as a module."""

    def __init__(self, function: Any) -> None:
        super().__init__()
        self.function = function

    def forward(self, *inputs: torch.Tensor) -> torch.Tensor:
        """Call it."""
        return self.function(*inputs)


def _module(layer: Layer, shape: list[int], weights: dict[str, np.ndarray], reach: bool) -> nn.Module:
    """Make a layer that reads maps of `shape`."""
    own = {name: torch.from_numpy(weights[f"{layer['name']}:{name}"]) for name in layer["weights"]}
    build = {"Dense": _dense, "BatchNormalization": _norm}.get(layer["kind"], _window)
    return build(layer, shape, own, reach) if own or "pool_size" in layer["config"] else _function(layer, reach)


def _function(layer: Layer, reach: bool) -> nn.Module:
    config = layer["config"]
    if layer["kind"] == "Dropout" or (reach and layer["kind"] in ("ReLU", "LocalResponseNormalization")):
        return nn.Identity()
    functions: dict[str, Callable[..., torch.Tensor]] = {
        "Add": lambda *maps: sum(maps),
        "Concatenate": lambda *maps: torch.cat(maps, 1),
        "GlobalAveragePooling2D": lambda maps: maps.mean((2, 3)),
        "Flatten": lambda maps: maps.permute(0, 2, 3, 1).flatten(1),  # as Keras lays channels last out
        "Pad": lambda maps: functional.pad(maps, (0, 0, 0, 0, *config["pad_width"][3])),
        "ReLU": nn.ReLU(),
        "LocalResponseNormalization": lambda maps: functional.local_response_norm(
            maps, int(config["N"]), config["ALPHA"] * config["N"], 0.75, config["K"]
        ),
        "Rescaling": lambda maps: maps * config["scale"] + (0 if reach else config["offset"]),
    }
    function = functions[layer["kind"]]
    return function if isinstance(function, nn.Module) else Plainly(function)


def _dense(layer: Layer, shape: list[int], own: dict[str, torch.Tensor], reach: bool) -> nn.Module:
    dense = nn.Linear(shape[-1], layer["config"]["units"], layer["config"]["use_bias"])
    _fill(dense, {"weight": own["kernel"].T, "bias": own.get("bias")}, reach)
    return nn.Sequential(dense, _activation(layer["config"]["activation"], reach))


def _norm(layer: Layer, shape: list[int], own: dict[str, torch.Tensor], reach: bool) -> nn.Module:
    if reach:
        return nn.Identity()
    norm = nn.BatchNorm2d(shape[-1], layer["config"]["epsilon"])
    of = {"weight": own.get("gamma", torch.ones(shape[-1])), "bias": own["beta"]}
    norm.load_state_dict(of | {"running_mean": own["moving_mean"], "running_var": own["moving_variance"]}, strict=False)
    return norm


def _window(layer: Layer, shape: list[int], own: dict[str, torch.Tensor], reach: bool) -> nn.Module:
    kind, config = layer["kind"], layer["config"]
    size, strides = config.get("kernel_size") or config["pool_size"], config["strides"]
    need = [
        max((out - 1) * step + reaches - side, 0)
        for out, step, reaches, side in zip(layer["shape"][:2], strides, size, shape[:2], strict=True)
    ]
    sides = (need[1] // 2, need[1] - need[1] // 2, need[0] // 2, need[0] - need[0] // 2)
    sides = sides if config["padding"] == "same" else (0, 0, 0, 0)
    if kind != "Conv2D":
        most = kind == "MaxPooling2D" and not reach
        pool = (nn.MaxPool2d if most else nn.AvgPool2d)(size, strides)
        return Padded(pool, sides, float("-inf") if most else 0.0, not most)
    conv = nn.Conv2d(shape[-1], config["filters"], size, strides, bias=config["use_bias"])
    _fill(conv, {"weight": own["kernel"].permute(3, 2, 0, 1), "bias": own.get("bias")}, reach)
    return nn.Sequential(Padded(conv, sides, 0.0, False), _activation(config["activation"], reach))


def _fill(module: nn.Module, of: dict[str, torch.Tensor | None], reach: bool) -> None:
    module.load_state_dict(
        {name: torch.full_like(one, 1e-3) if reach else one for name, one in of.items() if one is not None}
    )


def _activation(name: str, reach: bool) -> nn.Module:
    return nn.Identity() if reach else {"linear": nn.Identity, "relu": nn.ReLU, "tanh": nn.Tanh}[name]()


# What is asked of a network


def findings(folder: Path, name: str) -> Iterator[tuple[str, np.ndarray]]:
    """Find everything that is compared of one network, by name."""
    given = dict(np.load(folder / f"{name.replace('/', '-')}.npz"))
    layers = json.loads((folder / f"{name.replace('/', '-')}.json").read_text("utf-8"))["layers"]
    weights = {key: value for key, value in given.items() if ":" in key}
    twin = Twin(layers, weights).eval()
    images = torch.from_numpy(given["images"]).permute(0, 3, 1, 2)
    with torch.no_grad():
        yield "logits", twin(images).numpy()
    labels = [int(label) for label in given["labels"]]
    yield from _attributions(twin, images[: len(labels)], labels, str(given["layer"]))
    yield from _counts(twin, images[:1])
    yield "reach", _reach(Twin(layers, weights, reach=True), images[:1])
    yield from _calibration(given["all_logits"], given["all_labels"], float(given["temperature"]))


def _centred(size: tuple[int, int]) -> nn.Module:
    """Enlarge maps between the centres of pixels, as pictures are; pytorch-grad-cam's Score-CAM takes their corners."""
    return nn.Upsample(size, mode="bilinear", align_corners=False)


def _attributions(twin: Twin, images: torch.Tensor, labels: list[int], layer: str) -> Iterator[tuple[str, np.ndarray]]:
    from captum.attr import GuidedBackprop, IntegratedGradients, NoiseTunnel, Saliency
    from pytorch_grad_cam import GradCAM, GradCAMPlusPlus, LayerCAM, ScoreCAM
    from pytorch_grad_cam.utils.model_targets import ClassifierOutputTarget

    methods = {"grad-cam": GradCAM, "grad-cam++": GradCAMPlusPlus, "layer-cam": LayerCAM, "score-cam": ScoreCAM}
    cornered = nn.UpsamplingBilinear2d
    for name, method in (methods | {"score-cam-centred": ScoreCAM}).items():
        made = []
        nn.UpsamplingBilinear2d = _centred if name == "score-cam-centred" else cornered
        with method(twin, [twin.steps[layer]]) as cam:
            for image, label in zip(images, labels, strict=True):
                target = [ClassifierOutputTarget(label)]
                cam(image[None], target)
                kept = cam.activations_and_grads
                maps, slopes = (one[0].numpy() if one else None for one in (kept.activations, kept.gradients))
                made.append(cam.get_cam_image(image[None], twin.steps[layer], target, maps, slopes, False)[0])
        yield name, np.stack(made)
    nn.UpsamplingBilinear2d = cornered
    of = torch.tensor(labels)
    last = lambda found: found.detach().permute(0, 2, 3, 1).numpy()  # noqa: E731
    yield "saliency", last(Saliency(twin).attribute(images.clone(), of, abs=True))
    yield "guided-backpropagation", last(GuidedBackprop(twin).attribute(images.clone(), of))
    way = IntegratedGradients(twin)
    steps = [
        way.attribute(
            image[None], 0 * image[None], label, n_steps=257, method="riemann_trapezoid", internal_batch_size=64
        )
        for image, label in zip(images, labels, strict=True)
    ]
    yield "integrated-gradients", last(torch.cat(steps))
    smooth = NoiseTunnel(Saliency(twin))
    spread = [float(0.15 * (image.max() - image.min())) for image in images]
    for seed, name in enumerate(("smoothgrad", "smoothgrad-again")):
        torch.manual_seed(seed)
        noisy = [
            smooth.attribute(
                image[None], "smoothgrad", 200, nt_samples_batch_size=10, stdevs=one, target=label, abs=False
            )
            for image, label, one in zip(images, labels, spread, strict=True)
        ]
        yield name, last(torch.cat(noisy))


def _counts(twin: Twin, image: torch.Tensor) -> Iterator[tuple[str, np.ndarray]]:
    from fvcore.nn import FlopCountAnalysis, parameter_count

    counted = (
        FlopCountAnalysis(twin, image).unsupported_ops_warnings(False).uncalled_modules_warnings(False).by_operator()
    )
    yield "multiply-adds", np.array(counted["conv"] + counted["linear"])
    yield (
        "parameters",
        np.array(parameter_count(twin)[""] + sum(b.numel() for n, b in twin.named_buffers() if "running" in n)),
    )


def _reach(twin: Twin, image: torch.Tensor) -> np.ndarray:
    """For each layer of maps, of its first, middle and last place: top, bottom, left and right of what it sees."""
    found = []
    image = image.clone().requires_grad_()
    for maps in twin.every(image).values():
        if maps.ndim != 4 or not maps.requires_grad or maps is image:
            continue
        height, width = maps.shape[2:]
        for y, x in ((0, 0), (height // 2, width // 2), (height - 1, width - 1)):
            (slopes,) = torch.autograd.grad(maps[0, :, y, x].sum(), image, retain_graph=True)
            seen = slopes[0].abs().sum(0) > 0
            rows, columns = (torch.nonzero(seen.any(axis))[:, 0] for axis in (1, 0))
            found.append([int(rows[0]), int(rows[-1]), int(columns[0]), int(columns[-1])])
    return np.array(found)


def _calibration(logits: np.ndarray, labels: np.ndarray, temperature: float) -> Iterator[tuple[str, np.ndarray]]:
    from netcal.metrics import ECE
    from netcal.scaling import TemperatureScaling
    from sklearn.metrics import confusion_matrix

    shares = torch.softmax(torch.from_numpy(logits.astype(np.float64)) / temperature, 1).numpy()
    yield "calibration-error", np.array(ECE(15).measure(shares, labels))
    scaling = TemperatureScaling()
    scaling.fit(torch.softmax(torch.from_numpy(logits.astype(np.float64)), 1).numpy(), labels)
    yield "temperature", 1 / np.asarray(scaling.temperature, np.float64)
    yield "confusions", confusion_matrix(labels, logits.argmax(1), labels=np.arange(logits.shape[1]))


def statistics(asked: list[dict[str, int]]) -> Iterator[tuple[str, np.ndarray]]:
    """Compute Wilson's intervals of (right, asked), and McNemar's exact p of (first alone, second alone)."""
    from statsmodels.stats.contingency_tables import mcnemar
    from statsmodels.stats.proportion import proportion_confint

    yield "wilson", np.array([proportion_confint(one["right"], one["asked"], 0.05, "wilson") for one in asked])
    yield "mcnemar", np.array([mcnemar([[0, one["first"]], [one["second"], 0]], exact=True).pvalue for one in asked])


def main(folder: Path) -> None:
    """Find everything, and write it."""
    warnings.filterwarnings("ignore")
    asked = json.loads((folder / "asked.json").read_text("utf-8"))
    found = {f"{name}|{what}": value for name in asked["networks"] for what, value in findings(folder, name)}
    found |= dict(statistics(asked["pairs"]))
    np.savez(folder / "peers.npz", **found)
    (folder / "versions.json").write_text(json.dumps({name: version(name) for name in PEERS}), "utf-8")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
