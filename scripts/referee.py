"""Check what ConvScope computes against what others compute, and print how far they are apart.

    python -m scripts.referee [--readme]    # with --readme the table is written into the README, too

Every small network is built once more in PyTorch from its graph and its weights. What captum, pytorch-grad-cam, fvcore,
netcal, statsmodels and scikit-learn find there is held against what ConvScope shows: answers, eight kinds of heat
maps, receptive fields, parameters, multiply-adds, calibration, intervals and tests. They live in an environment
of their own, `runs/referee`, which the first run makes (`scripts/referee-requirements.txt`, 5 to 7 GB).
"""

import argparse
import json
import shutil
import subprocess
import sys
import tempfile
import textwrap
from collections.abc import Callable, Iterator, Mapping
from itertools import combinations
from pathlib import Path
from typing import Final, NamedTuple

import numpy as np

from cnn import zoo
from cnn.array_types import Array
from cnn.atomic_files import write_text
from cnn.datasets.evaluation_sets import find_picture_set
from cnn.evaluation.calibration import fit_temperature
from cnn.graph import receptive_field
from cnn.inference.predict import calibrated_probabilities
from cnn.layers import activations
from cnn.metrics.calibration_error import expected_calibration_error, reliability_bins
from cnn.metrics.confusion_matrix import count_confusions
from cnn.metrics.localization import normalize_heatmap
from cnn.metrics.significance import mcnemar_test, wilson_interval
from cnn.paths import ROOT
from cnn.progress import run_steps
from scripts.write_readme_tables import README, WIDTH, between_marks

ENVIRONMENT: Final = ROOT / "runs" / "referee"
REQUIREMENTS: Final = ROOT / "scripts" / "referee-requirements.txt"
PEERS: Final = ROOT / "scripts" / "referee_peers.py"
BEGIN: Final = "<!-- made by `python -m scripts.referee --readme`: begin -->\n"
SETS: Final = {"mnist": "mnist", "cifar10": "cifar10-2000"}  # data set -> the pictures that come with the app
ANSWERED, EXPLAINED = 64, 6  # pictures whose answers, and whose attributions, are compared of each network
CAM: Final = ("grad-cam", "grad-cam++", "layer-cam", "score-cam")
PIXELS: Final[Mapping[str, Callable[[Array], Array]]] = {  # what pixel-wise methods make of a pixel's channels
    "saliency": lambda found: np.abs(found).max(-1),
    "guided-backpropagation": lambda found: np.abs(found).max(-1),
    "integrated-gradients": lambda found: found.sum(-1),
    "smoothgrad": lambda found: np.abs(found).max(-1),
}
TITLES: Final = {
    "grad-cam": "Grad-CAM",
    "grad-cam++": "Grad-CAM++",
    "layer-cam": "LayerCAM",
    "score-cam": "Score-CAM",
    "saliency": "saliency",
    "guided-backpropagation": "guided backpropagation",
    "integrated-gradients": "integrated gradients",
    "smoothgrad": "SmoothGrad",
}
CLIP_PERCENTILE: Final = 99.0  # of pixel-wise maps, as in cnn/attribution/input_gradients.py

Findings = dict[str, Array]


class Row(NamedTuple):
    """A line of the table: what is compared, with whom, on how much, and how far the two are apart."""

    what: str
    peer: str
    compared: str
    apart: str


def environment() -> Path:
    """Give the Python of the peers' environment; make it where it is not, or not to its end, or from other peers."""
    python, made_from = ENVIRONMENT / "bin" / "python", ENVIRONMENT / REQUIREMENTS.name
    wanted = REQUIREMENTS.read_text("utf-8")
    if not made_from.exists() or made_from.read_text("utf-8") != wanted:
        subprocess.run([sys.executable, "-m", "venv", ENVIRONMENT], check=True)
        subprocess.run([python, "-m", "pip", "install", "--quiet", "-r", REQUIREMENTS], check=True)
        write_text(made_from, wanted)  # last: an installation that was broken off is begun anew
    return python


def own_findings(name: str, folder: Path) -> Findings:
    """Compute what ConvScope says of a network, and write what its peers need to say the same of their twin."""
    from cnn.attribution.attribute import compute_attribution
    from cnn.attribution.keras_hooks import last_spatial_layer
    from cnn.worker.handlers import NetworkEngines

    network, opened = zoo.load_network(name), activations.open_network(name)
    split = find_picture_set(SETS[network.card.data]).read()
    images = split.images.astype(np.float32) / np.float32(255)
    logits = network.runner(images)
    every = np.linspace(0, len(images) - 1, ANSWERED).astype(int)
    labels = logits[every[:EXPLAINED]].argmax(1)
    engines = NetworkEngines(name, zoo.NETWORKS_FOLDER)
    layer = last_spatial_layer(engines.gradient_model.model)
    own: Findings = {"logits": logits[every], "reach": _reach(opened), **_calibration(network, logits, split.labels)}
    for method in (*CAM, *PIXELS):
        maps = [
            run_steps(compute_attribution(method, engines, images[at], int(label), layer if method in CAM else None))
            for at, label in zip(every, labels, strict=False)
        ]
        own[method] = np.stack(maps)
    own["parameters"] = np.array(network.card.parameters)
    own["multiply-adds"] = np.array(network.card.multiply_adds)
    weights = {
        f"{one.name}:{what}": values for one in opened.graph.layers for what, values in opened.weights(one.name).items()
    }
    stem = folder / name.replace("/", "-")
    shutil.copy(zoo.NETWORKS_FOLDER / f"{name}{activations.JSON}", stem.with_suffix(".json"))
    asked = {"all_logits": logits, "all_labels": split.labels, "temperature": np.array(network.card.temperature)}
    np.savez(stem.with_suffix(".npz"), images=images[every], labels=labels, layer=np.array(layer), **asked, **weights)
    return own


def _reach(opened: activations.InspectableNetwork) -> Array:
    """For each layer of maps, of its first, middle and last place: top, bottom, left and right of what it sees."""
    found = []
    for layer in opened.graph.layers[1:]:
        if layer.has_maps:
            seen = receptive_field.visible_pixels(opened.graph, layer.name)
            height, width, _ = layer.shape
            for y, x in ((0, 0), (height // 2, width // 2), (height - 1, width - 1)):
                found.append([*seen.rows[y], *seen.columns[x]])
    return np.array(found)


def _calibration(network: zoo.Network, logits: Array, labels: Array) -> Findings:
    shares = calibrated_probabilities(network.card, logits)
    bins = reliability_bins(shares.max(1), shares.argmax(1) == labels)
    return {
        "calibration-error": np.array(expected_calibration_error(bins)),
        "temperature": np.array(fit_temperature(logits, labels)),
        "confusions": count_confusions(labels, logits.argmax(1), logits.shape[1]),
    }


def pairs(right: Mapping[str, Array]) -> list[dict[str, int]]:
    """Pair the networks of each data set: how many the first gets right, and what each gets right alone."""
    return [
        {
            "right": int(first.sum()),
            "asked": len(first),
            "first": int((first & ~second).sum()),
            "second": int((second & ~first).sum()),
        }
        for (one, first), (other, second) in combinations(right.items(), 2)
        if one.split("/")[0] == other.split("/")[0]
    ]


def compare(own: Mapping[str, Findings], peers: Mapping[str, Array], asked: list[dict[str, int]]) -> Iterator[Row]:
    """Say of everything that was computed twice how far the two are apart."""

    def most(what: str, apart: Callable[[Array, Array], float] = _greatest) -> float:
        return max(apart(found[what], peers[f"{name}|{what}"]) for name, found in own.items())

    networks, maps = f"{len(own)} networks", f"{len(own)} networks, {EXPLAINED} pictures each"
    yield Row("answers (logits)", "torch", f"{len(own)} networks, {ANSWERED} pictures each", _size(most("logits")))
    for method in CAM:
        yield Row(TITLES[method], "pytorch-grad-cam", maps, _maps(own, peers, method, method))
    centred = "the same, maps enlarged between pixels' centres as here"
    yield Row(TITLES["score-cam"], centred, maps, _maps(own, peers, "score-cam", "score-cam-centred"))
    for method in PIXELS:
        yield Row(TITLES[method], "captum", maps, _maps(own, peers, method, method))
    seeds = {name: {"smoothgrad": _scaled("smoothgrad", peers[f"{name}|smoothgrad-again"])} for name in own}
    yield Row("captum's SmoothGrad", "captum, another seed", maps, _maps(seeds, peers, "smoothgrad", "smoothgrad"))
    places = sum(len(found["reach"]) for found in own.values())
    yield Row("receptive fields", "torch's gradients", f"{places:,} places, all layers", _pixels(most("reach")))
    yield Row("parameters", "fvcore", networks, f"{most('parameters'):.0f}")
    yield Row("multiply-adds", "fvcore", networks, f"{most('multiply-adds'):.0f}")
    yield Row("calibration error", "netcal", networks, _size(most("calibration-error")))
    yield Row("temperature", "netcal", networks, _size(most("temperature")))
    yield Row("confusion matrix", "scikit-learn", networks, f"{most('confusions'):.0f}")
    wilson = np.array(
        [(one.low, one.high) for one in (wilson_interval(pair["right"], pair["asked"]) for pair in asked)]
    )
    yield Row("Wilson's interval", "statsmodels", f"{len(asked)} accuracies", _size(_greatest(wilson, peers["wilson"])))
    exact = np.array([_mcnemar(pair) for pair in asked])
    yield Row("McNemar's exact p", "statsmodels", f"{len(asked)} pairs", _size(_greatest(exact, peers["mcnemar"])))


def _mcnemar(pair: Mapping[str, int]) -> float:
    alone = np.repeat((True, False), (pair["first"], pair["second"]))
    return mcnemar_test(alone, ~alone).exact


def _greatest(one: Array, other: Array) -> float:
    return float(np.abs(one.astype(np.float64) - other).max())


def _scaled(method: str, raw: Array) -> Array:
    """Scale the peers' maps of several pictures as ConvScope scales its own: to [0, 1], what is negative 0."""
    channels, top = (PIXELS[method], CLIP_PERCENTILE) if method in PIXELS else (np.asarray, 100)
    return np.stack([normalize_heatmap(channels(one), top) for one in raw])


def _maps(own: Mapping[str, Findings], peers: Mapping[str, Array], method: str, theirs: str) -> str:
    """Say the greatest difference and the least correlation of maps, over all networks and pictures."""
    apart, alike = [], []
    for name, found in own.items():
        for one, other in zip(found[method], _scaled(method, peers[f"{name}|{theirs}"]), strict=True):
            apart.append(_greatest(one, other))
            if one.std() > 0 and other.std() > 0:
                alike.append(float(np.corrcoef(one.ravel(), other.ravel())[0, 1]))
    return f"{_size(max(apart))} of 1, r at least {_floor(min(alike))}"


def _floor(correlation: float) -> str:
    return f"{np.floor(correlation * 1e4) / 1e4:.4f}"


def _pixels(apart: float) -> str:
    return f"{apart:.0f} px"


def _size(apart: float) -> str:
    return "0" if apart == 0 else f"{apart:.1g}"


def table(rows: list[Row], versions: Mapping[str, str]) -> str:
    """Write the rows as Markdown, and below them whose versions they are."""
    lines = [
        "|what|against|compared on|at most apart|",
        "|---|---|---|---|",
        *("|" + "|".join(row) + "|" for row in rows),
    ]
    measured_with = ", ".join(f"{name} {version}" for name, version in versions.items())
    return "\n".join(lines) + "\n\n" + textwrap.fill(f"{measured_with}.", WIDTH) + "\n"


def main() -> None:
    """Compute both sides, compare, print."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--readme", action="store_true", help="write the table into the README, too")
    parser.add_argument("--python", type=Path, help="of an environment that has the requirements already")
    arguments = parser.parse_args()
    python = arguments.python or environment()
    names = [name for data in SETS for name in zoo.network_names(data)]
    with tempfile.TemporaryDirectory() as place:
        folder, own, right = Path(place), {}, {}
        for name in names:
            own[name] = own_findings(name, folder)
            with np.load(folder / f"{name.replace('/', '-')}.npz") as given:
                right[name] = given["all_logits"].argmax(1) == given["all_labels"]
        asked = pairs(right)
        (folder / "asked.json").write_text(json.dumps({"networks": names, "pairs": asked}), "utf-8")
        subprocess.run([python, PEERS, folder], check=True)
        with np.load(folder / "peers.npz") as found:
            rows = list(compare(own, dict(found), asked))
        versions = json.loads((folder / "versions.json").read_text("utf-8"))
    made = table(rows, versions)
    print(made)
    if arguments.readme:
        write_text(README, between_marks(README.read_text("utf-8"), BEGIN, made))


if __name__ == "__main__":
    main()
