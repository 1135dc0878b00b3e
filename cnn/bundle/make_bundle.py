"""Make the zip: build, write, read back, compare, pack. Loads TensorFlow: `python -m cnn.bundle.make_bundle NAME ZIP`.

A child process of `cnn.bundle.client`. It tells each step on standard output, a JSON object a line; what goes wrong is
the last line on standard error; it ends when its parent does.
"""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Callable, Sequence
from importlib.metadata import version
from importlib.util import find_spec
from pathlib import Path
from tempfile import TemporaryDirectory
from threading import Thread
from typing import Final
from zipfile import ZIP_DEFLATED, ZipFile

import numpy as np

from cnn import machine_memory
from cnn.atomic_files import sha256, write_text
from cnn.bundle import card_files
from cnn.bundle.exported_model import build_exported_model
from cnn.bundle.formats import FORMATS
from cnn.bundle.proof import PICTURES, Agreement, largest_difference, proof_pictures
from cnn.bundle.source import Source, find_source
from cnn.bundle.web_page import web_page
from cnn.errors import BadInput, ConvScopeError
from cnn.layers.packed_kernels import has_int8_kernels

OnStep = Callable[[int, int, str], None]  # steps done, of how many, and what comes now
WEB_PAGE: Final = "index.html"
NICENESS: Final = 5
RUN_SCRIPT: Final = Path(__file__).with_name("run.py")
ONNX_MEMORY: Final = 67  # bytes that tf2onnx takes for each of the weights' (InceptionV3: 6.3 GB for 95 MB)
PACKAGES: Final = {"network.onnx": ("tf2onnx", "onnx", "onnxruntime")}  # that may be missing


def make_bundle(name: str, target: Path, files: Sequence[str], on_step: OnStep) -> list[Agreement]:
    """Write one zip with formats of a network that were proven to answer as the pages do.

    Args:
        name: of the network, as `find_source` takes it.
        target: the zip; it is written last, whole or not at all.
        files: of FORMATS, that are wanted.
        on_step: told before every step.
    Raises: UnknownName: there is no such network, or no such format.
        BrokenNetwork: its weights are damaged, or a format answers otherwise than the pages.
        BadInput: a format needs a package that is not installed, or more memory than is free, and nothing else was
            wanted.
    """
    source = find_source(name)
    missing = {file: why for file in files if (why := _missing(file) or _too_large(file, source))}
    wanted = [file for file in files if file not in missing]
    if not wanted:
        raise BadInput(" ".join(missing.values()))
    steps, done = 2 + 2 * len(wanted), 0

    def step(words: str) -> None:
        nonlocal done
        on_step(done, steps, words)
        done += 1

    step("Building the network with its preprocessing inside")
    model = build_exported_model(source)
    pictures = proof_pictures(source)
    answers = source.page_answers(pictures)
    in_8_bits = has_int8_kernels(source.network.runner.model)  # then its weights are rounded already, and stay so
    proof = []
    with TemporaryDirectory() as folder:
        for file in wanted:
            form, path = FORMATS[file], Path(folder) / file
            step(f"Writing {form.title}")
            form.write(model, path, in_8_bits)
            step(f"Asking {form.title} about {PICTURES} pictures")
            apart = largest_difference(form.title, form.read(path), pictures, answers)
            engine = f"{form.engine} {version(form.engine)}"
            proof.append(Agreement(file, form.title, engine, len(pictures), apart, path.stat().st_size, sha256(path)))
        step("Packing")
        with_page = card_files.has_web_page(source, proof)
        if source.classes and "network.onnx" in wanted and not with_page:
            missing[WEB_PAGE] = card_files.TOO_LARGE_FOR_PAGE
        card = card_files.card_json(source, proof, missing)
        if with_page:
            page = web_page(source, Path(folder) / "network.onnx", pictures, answers, card)
            write_text(Path(folder) / WEB_PAGE, page)
        texts = {
            "card.txt": card_files.card_text(source, proof, missing),
            "card.json": json.dumps(card, ensure_ascii=False, indent=2) + "\n",
            "labels.json": card_files.labels_json(source),
            "run.py": RUN_SCRIPT.read_text(encoding="utf-8"),
        }
        for file, text in texts.items():
            write_text(Path(folder) / file, text)
        _pack(sorted(Path(folder).iterdir()), card_files.folder_name(source), target)
    return proof


def _missing(file: str) -> str:
    """Say why a format cannot be written; "" where it can."""
    absent = [package for package in PACKAGES.get(file, ()) if find_spec(package) is None]
    return f"{file} needs {' and '.join(absent)}: pip install {' '.join(absent)}." if absent else ""


def _too_large(file: str, source: Source) -> str:
    """Say why there is not enough memory to write a format; "" where there is."""
    if file != "network.onnx":
        return ""
    taught = source.network.taught
    numbers = source.network.card.parameters + (0 if taught is None else taught.size)
    needed, free = ONNX_MEMORY * np.dtype(np.float32).itemsize * numbers, machine_memory.memory_bytes()[1]
    if free is None or needed <= free:
        return ""
    return f"{file} takes {needed / 2**30:.0f} GB of memory while it is written; {free / 2**30:.0f} are free."


def _pack(files: Sequence[Path], inside: str, target: Path) -> None:
    """Write the zip beside, then rename it; `inside` is the folder in it."""
    beside = target.with_name(f"beside-{target.name}")
    with ZipFile(beside, "w", ZIP_DEFLATED) as packed:
        for path in files:
            packed.write(path, f"{inside}/{path.name}")
    beside.replace(target)


def main(name: str, target: str, *files: str) -> None:
    """Make a zip as told on the command line."""
    said = os.fdopen(os.dup(1), "w", encoding="utf-8")
    os.dup2(2, 1)  # what converters print goes to standard error
    Thread(target=_end_with_parent, daemon=True).start()
    if hasattr(os, "nice"):
        os.nice(NICENESS)

    def tell(done: int, of: int, words: str) -> None:
        print(json.dumps({"done": done, "of": of, "words": words}), file=said, flush=True)

    try:
        make_bundle(name, Path(target), files or list(FORMATS), tell)
    except ConvScopeError as error:
        sys.exit(f"\n{error}")


def _end_with_parent() -> None:
    """End when standard input closes, whatever is being computed."""
    sys.stdin.read()
    os._exit(1)


if __name__ == "__main__":
    main(*sys.argv[1:])
