"""Ask for a network's zip: a child process with TensorFlow makes it. No TensorFlow here."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from tempfile import TemporaryDirectory, TemporaryFile
from threading import Thread
from typing import IO, Any, Final
from zipfile import ZipFile

from cnn import keras_settings
from cnn.errors import BadInput, Cancelled
from cnn.home import check_room, make_home
from cnn.paths import ROOT

COMMAND: Final = (sys.executable, "-m", "cnn.bundle.make_bundle")
NO_NAME: Final = re.compile(r"[^a-z0-9]+")  # in names of files
FOLDER: Final = "exports"  # in a person's own folder
KEPT: Final = 5  # zips there, the newest
ROOM: Final = 600 * 2**20  # bytes that the formats of ResNet-50 need while they are made
POLL_S: Final = 0.1  # whether the person has had enough
FORMATS: Final = {"keras": "network.keras", "tflite": "network.tflite", "onnx": "network.onnx"}

OnStep = Callable[[int, int, str], None]  # steps done, of how many, and what comes now
Stopped = Callable[[], bool]  # whether to give up


class ExportFailed(BadInput):
    """A network that was not handed over; the text says why."""


def export_network(
    name: str,
    target: Path,
    on_step: OnStep = lambda done, of, words: None,
    stopped: Callable[[], bool] = lambda: False,
    files: Sequence[str] = tuple(FORMATS.values()),
    command: Sequence[str] = COMMAND,
) -> None:
    """Make the zip of a network.

    Args:
        name: as `cnn.bundle.source.find_source` takes it.
        target: the zip, written whole or not at all.
        on_step: told before every step.
        stopped: asked ten times a second whether to give up.
        files: which formats.
        command: makes it.
    Raises: ExportFailed: it could not be made, or a format does not answer as the pages do.
        DiskFull: there is not enough room.
        Cancelled: `stopped` said so.
    """
    check_room(ROOM, "export")
    target = target.absolute()
    with TemporaryDirectory() as scratch, TemporaryFile("w+", encoding="utf-8", errors="replace") as complaints:
        child = subprocess.Popen(
            [*command, name, str(target), *files],
            cwd=ROOT,
            env=keras_settings.environment() | {"TMPDIR": scratch},  # so that one that is stopped leaves nothing behind
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=complaints,
            text=True,
            encoding="utf-8",
        )
        with child:
            assert child.stdout
            told = Thread(target=_hear, args=(child.stdout, on_step), daemon=True)
            told.start()
            try:
                while not _ended(child):
                    if stopped():
                        raise Cancelled("Stopped. Nothing was written.")
            finally:
                child.kill()
                told.join()
                target.with_name(f"beside-{target.name}").unlink(missing_ok=True)
        if child.returncode:
            raise ExportFailed(_reason(child.returncode, complaints))


def _hear(said: IO[str], on_step: OnStep) -> None:
    for line in said:
        step = json.loads(line)
        on_step(step["done"], step["of"], step["words"])


def _ended(child: subprocess.Popen[str]) -> bool:
    try:
        child.wait(POLL_S)
    except subprocess.TimeoutExpired:
        return False
    return True


def _reason(code: int, complaints: IO[str]) -> str:
    if code < 0:
        return "The export was ended by the system, most likely for want of memory. Close other programs, try again."
    complaints.seek(0)
    lines = complaints.read().strip().splitlines()
    return lines[-1] if lines else "The export failed without a word. Try again."


def export_for_page(name: str, on_step: OnStep, stopped: Callable[[], bool]) -> Path:
    """Make the zip of a network in a person's own folder, where the oldest goes; raises as `export_network`."""
    folder = make_home(FOLDER) / FOLDER
    there = sorted(folder.glob("*.zip"), key=lambda path: path.stat().st_mtime)
    for path in there[: 1 - KEPT]:
        path.unlink(missing_ok=True)
    target = folder / f"{NO_NAME.sub('-', name.lower()).strip('-')}.zip"
    export_network(name, target, on_step, stopped)
    return target


def read_card(packed: Path) -> dict[str, Any]:
    """Read the card in a zip that `cnn.bundle.make_bundle` wrote."""
    with ZipFile(packed) as held:
        name = next(one for one in held.namelist() if one.endswith("/card.json"))
        card: dict[str, Any] = json.loads(held.read(name))
    return card
