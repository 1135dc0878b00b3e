"""Fetch a large network once: its weights from their source, checked, converted, kept in the user's cache.

    <folder>/imagenet/vgg16.part.h5      what came so far; the next fetch goes on from there
    <folder>/imagenet/vgg16.weights.h5   for Keras
    <folder>/imagenet/vgg16.tflite       for LiteRT
    <folder>/imagenet/vgg16.json         its card, written last: without one, a network is not there

TensorFlow converts in a child process (`cnn.export.convert_pretrained`), and never enters this one.
"""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from collections.abc import Callable, Mapping
from dataclasses import asdict
from pathlib import Path
from typing import Final

from cnn.errors import BrokenNetwork, Cancelled, DiskFull, UnknownName
from cnn.paths import ROOT
from cnn.zoo import pretrained
from cnn.zoo.download import INSTEAD, Download, DownloadProgress, SourceUnreachable
from cnn.zoo.file_lock import hold_file_lock
from cnn.zoo.pretrained import PretrainedSource, fetched_networks, pretrained_folder

__all__ = ["DownloadProgress", "SourceUnreachable", "fetch_network", "fetched_networks", "pretrained_folder"]

SILENCE_S: Final = 20.0  # without a byte, and the source is given up
KEPT: Final = 3  # files about as large as what is fetched: weights, .tflite, and the one that returns every layer
CANCEL_POLL_S: Final = 0.1  # whether the child is done, or the person has had enough


def fetch_network(
    name: str,
    on_progress: DownloadProgress,
    stopped: Callable[[], bool],
    sources: Mapping[str, PretrainedSource] = pretrained.PRETRAINED,
    place: Path | None = None,
    silence: float = SILENCE_S,
) -> None:
    """Fetch a network, check and convert it; at once where it is there already.

    Args:
        name: such as "imagenet/vgg16".
        on_progress: told (bytes that are there, bytes in all) as they come; when both are equal,
            checking and converting go on for a while.
        stopped: asked now and then whether to give up; it ends within `silence` seconds where the source says nothing.
        sources: networks by name.
        place: where to keep it; `pretrained_folder()` by default.
        silence: seconds without a byte until the source is given up.
    Raises: UnknownName: `name` is not in `sources`.
        DiskFull: there is not enough room, or it cannot be written.
        Unreachable: there is no network, or it broke off; the next fetch goes on from there.
        BrokenNetwork: what came is not that network.
        Cancelled: `stopped` said so.
    """
    if name not in sources:
        raise UnknownName("network to fetch", name, sources)
    source, place = sources[name], (place or pretrained_folder()).absolute()

    def go_on() -> None:
        if stopped():
            raise Cancelled(f"Fetching {source.title} was stopped. What came is kept for the next time.")

    part = place / f"{name}.part.h5"
    download = Download(source, part, on_progress, go_on, silence)
    try:
        part.parent.mkdir(parents=True, exist_ok=True)
        with hold_file_lock(place / f"{name}.lock", go_on):
            if not pretrained.is_fetched(name, place):  # nobody else fetched it meanwhile
                _finish(download, place)
    except OSError as error:
        raise DiskFull(f"{source.title} could not be kept in {place} ({error}). Free some space there.") from error


def _finish(download: Download, place: Path) -> None:
    _need_room(download.source, place, download.have())
    download.finish()
    _convert(download, place)
    download.part.unlink()


def _need_room(source: PretrainedSource, place: Path, have: int) -> None:
    needed, free = (1 + KEPT) * source.bytes - have, shutil.disk_usage(place).free
    if free < needed:
        raise DiskFull(
            f"{source.title} needs {needed / 2**20:,.0f} MB in {place}, where {free / 2**20:,.0f} MB are free. "
            f"Free some, or set {pretrained.CACHE_VARIABLE} to another folder. {INSTEAD}"
        )


def _convert(download: Download, place: Path) -> None:
    """Let a child process make .weights.h5, .tflite and card; it dies with a cancelled fetch."""
    source = json.dumps(asdict(download.source))
    command = [
        sys.executable,
        "-m",
        "cnn.export.convert_pretrained",
        source,
        str(download.part),
        str(place),
    ]
    with subprocess.Popen(
        command, cwd=ROOT, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True
    ) as child:
        try:
            said = _wait(child, download)
        finally:
            child.kill()
    if child.returncode:
        title = download.source.title
        raise BrokenNetwork(f"{title} was fetched, but could not be converted: {said} {INSTEAD}")


def _wait(child: subprocess.Popen[str], download: Download) -> str:
    """Wait for the child, and say in a sentence why it failed, if it did."""
    while True:
        download.go_on()
        try:
            said = child.communicate(timeout=CANCEL_POLL_S)[1].strip()
        except subprocess.TimeoutExpired:
            continue
        if child.returncode < 0:
            return "the system ended it, most likely for want of memory."
        return said.rpartition("\n")[2] + "."
