"""The server's end of the process that makes a network of what was taught. No TensorFlow here."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from threading import Thread
from typing import IO, Any, Final

from cnn.errors import BadInput, Cancelled
from cnn.keras_settings import environment
from cnn.paths import ROOT

COMMAND: Final = (sys.executable, "-m", "cnn.teach")
FINE_TUNE: Final = "--fine-tune"
POLL_S: Final = 0.1  # whether the person has had enough
DIED: Final = "The process that makes the network was ended from outside. Try again."

OnCount = Callable[[int, int], None]


@dataclass(frozen=True, slots=True)
class MadeNetwork:
    """A network that was put on the shelf.

    Attributes:
        name: such as "own/3f2a9c01".
        title: what it is called.
        asked: pictures that fine-tuning held out of a learning, then read; 0 where it was not asked for.
        frozen, tuned: how many of them the frozen features and the fine-tuned ones read right.
        chance: how often two equally good ones would part so unevenly on them, in [0, 1].
    """

    name: str
    title: str
    asked: int = 0
    frozen: int = 0
    tuned: int = 0
    chance: float = 1.0

    @property
    def fine_tuned(self) -> bool:
        """Say whether the fine-tuned features are on the shelf, as those that read more pictures right."""
        return self.tuned > self.frozen


def make_network(  # as the page asks
    person: str,
    trunk: str,
    title: str,
    fine_tune: bool = False,
    on_count: OnCount = lambda done, of: None,
    stopped: Callable[[], bool] = lambda: False,
) -> MadeNetwork:
    """Have a process make a network of a person's collection and put it on the shelf.

    Args:
        person: whose collection it is.
        trunk: the network whose features are used.
        title: what it shall be called.
        fine_tune: its last block shall learn, too; minutes, not seconds.
        on_count: told how much is done, of how much, while it learns.
        stopped: asked ten times a second whether to give up.
    Raises: BadInput: it could not be made; the text says why.
        Cancelled: `stopped` said so.
    """
    said: dict[str, Any] = {}
    with subprocess.Popen(
        [*COMMAND, person, trunk, title, *([FINE_TUNE] if fine_tune else [])],
        cwd=ROOT,
        env=environment(),
        stdin=subprocess.PIPE,  # it ends with this process, also when that is killed
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
        encoding="utf-8",
    ) as child:
        assert child.stdout
        hears = Thread(target=_hear, args=(child.stdout, said, on_count), daemon=True)
        hears.start()
        try:
            while hears.is_alive():
                if stopped():
                    raise Cancelled("Stopped. Your pictures and classes are as they were.")
                hears.join(POLL_S)
        finally:
            child.kill()
            hears.join()
    if "why" in said:
        raise BadInput(str(said["why"]))
    if "name" not in said:
        raise BadInput(DIED)
    return MadeNetwork(**said)


def _hear(lines: IO[str], said: dict[str, Any], on_count: OnCount) -> None:
    for line in lines:
        told = json.loads(line)
        if "of" in told:
            on_count(told["done"], told["of"])
        else:
            said.update(told)
