"""The server's end of the process that opens files: one a request, with a clock of its own. No TensorFlow."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Callable, Sequence
from dataclasses import asdict
from time import monotonic
from typing import Any, Final

from cnn.errors import BadInput, Cancelled
from cnn.importing.arrival import Arrival, ModelFacts, facts_from_json
from cnn.importing.input_forms import InputForm
from cnn.keras_settings import environment
from cnn.paths import ROOT

COMMAND: Final = (sys.executable, "-m", "cnn.importing")
# By the clock, for reading a file or putting it on the shelf: what a file takes is bounded in processor time, in the
# process (`cnn.importing.__main__`). At a load of 20 on two cores a Teachable Machine network took over ten minutes.
MOST_S: Final = 1_800.0
POLL_S: Final = 0.1
DIED: Final = (
    "The process that opened this file was ended: the file asks for more memory or time than a network needs, or is "
    "damaged. Nothing else was touched."
)
Stopped = Callable[[], bool]


def examine_file(arrival: Arrival, side: int | None = None, stopped: Stopped = lambda: False) -> ModelFacts:
    """Find out what a file holds.

    Args:
        arrival: of the file.
        side: height and width in px, where the network takes any.
        stopped: asked now and then whether to give up.
    Raises: BadInput: it is damaged, needs code, takes too much, or is no classifier of pictures.
        Cancelled: `stopped` said so.
    """
    return facts_from_json(str(_ask(arrival, {"do": "examine", "side": side}, stopped)["facts"]))


def shelve_arrival(  # as the form asks
    arrival: Arrival,
    form: InputForm,
    data: str,
    labels: Sequence[str],
    title: str,
    description: str = "",
    stopped: Stopped = lambda: False,
) -> str:
    """Put an examined file on the shelf, and forget the arrival.

    Args:
        arrival: of the file.
        form: how it takes pictures.
        data: whose pictures it is asked.
        labels: names of its classes; () for numbers.
        title: what it shall be called.
        description: a person's own words about it.
        stopped: asked now and then whether to give up.
    Returns: the network's name, such as "own/3f2a9c01".
    Raises: BadInput: the labels or the title do not fit, or the process ended.
        Cancelled: `stopped` said so.
    """
    asked = {"do": "add", "form": asdict(form), "data": data, "labels": list(labels), "title": title}
    name = str(_ask(arrival, asked | {"description": description}, stopped)["name"])
    arrival.forget()
    return name


def _ask(arrival: Arrival, request: dict[str, Any], stopped: Stopped) -> dict[str, Any]:
    """Ask a process of its own; raises BadInput with what it said where it could not."""
    asked = json.dumps(request | {"arrival": arrival.id, "name": arrival.name})
    with subprocess.Popen(
        COMMAND,
        cwd=ROOT,
        env=environment(),
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    ) as child:
        try:
            said = _wait(child, asked, stopped)
        finally:
            child.kill()
    try:
        told: dict[str, Any] = json.loads(said)
    except ValueError as error:
        raise BadInput(DIED) from error
    if "why" in told:
        raise BadInput(str(told["why"]))
    return told


def _wait(child: subprocess.Popen[str], asked: str, stopped: Stopped) -> str:
    started, given = monotonic(), asked
    while monotonic() - started < MOST_S:
        if stopped():
            raise Cancelled("Reading this file was stopped.")
        try:
            return child.communicate(given or None, timeout=POLL_S)[0]
        except subprocess.TimeoutExpired:
            given = ""
    return ""
