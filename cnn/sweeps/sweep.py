"""A sweep: which runs it is made of, what came of each, and what that says. No Ray, no TensorFlow.

<home>/sweeps/<id>/sweep.json          its runs' settings, in order
<home>/sweeps/<id>/trials/<n>.json     what came of one
<home>/sweeps/<id>/ray/                what Ray Tune restores it from
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Sequence
from dataclasses import asdict, dataclass, fields, replace
from itertools import product
from pathlib import Path
from statistics import fmean
from typing import Any, Final

from cnn.atomic_files import write_text
from cnn.errors import BadInput, UnknownName
from cnn.home import home_folder, make_home
from cnn.runs.settings import RunSettings, settings_from_json

FOLDER: Final = "sweeps"
ID_FORM: Final = re.compile(r"[0-9a-f]{8}")  # no way to another folder
MOST_TRIALS: Final = 500


@dataclass(frozen=True, slots=True)
class Sweep:
    """A grid of runs; what is in it decides its id, so that the same line goes on with the same sweep.

    Attributes:
        id: names its folder.
        settings: of its trials, in order.
    """

    id: str
    settings: tuple[RunSettings, ...]

    @property
    def folder(self) -> Path:
        """Say where its files lie."""
        return home_folder() / FOLDER / self.id


@dataclass(frozen=True, slots=True)
class TrialResult:
    """What came of a trial.

    Attributes:
        at: its place in the sweep.
        run: its id in the table of runs, on the machine that carried it out.
        state: how the run ended: "done", or "failed" where its weights grew without bound.
        held_out: share of the held-out pictures that it had right at the end, in [0, 1].
        right, asked: of the test pictures; 0 of 0 where it failed.
        seconds: of training.
    """

    at: int
    run: str
    state: str
    held_out: float
    right: int
    asked: int
    seconds: float


@dataclass(frozen=True, slots=True)
class SettingSummary:
    """What the seeds of one architecture at one learning rate came to.

    Attributes:
        architecture, rate: which.
        accuracies: on the held-out pictures, of each seed that is done.
        failed: how many seeds failed.
        waiting: how many are not done yet.
    """

    architecture: str
    rate: float
    accuracies: tuple[float, ...]
    failed: int
    waiting: int

    @property
    def mean(self) -> float | None:
        """Average the seeds; None where none is done."""
        return fmean(self.accuracies) if self.accuracies else None


def plan_sweep(architectures: Sequence[str], rates: Sequence[float], seeds: int, base: RunSettings) -> Sweep:
    """Lay out a grid, and keep it.

    Args:
        architectures: names, at least one.
        rates: learning rates, at least one.
        seeds: of each pair, from the one of `base` on.
        base: all other settings.
    Raises: UnknownName, BadInput: a run of it cannot be trained, or there are too many.
        DiskFull: it could not be written.
    """
    settings = tuple(
        replace(base, architecture=architecture, rate=rate, seed=base.seed + seed)
        for architecture, rate, seed in product(dict.fromkeys(architectures), dict.fromkeys(rates), range(seeds))
    )
    if not 1 <= len(settings) <= MOST_TRIALS:
        raise BadInput(f"That makes {len(settings):,} trainings; 1 to {MOST_TRIALS} are one sweep.")
    texts = [one.to_json() for one in settings]
    sweep = Sweep(hashlib.sha256("\n".join(texts).encode()).hexdigest()[:8], settings)
    make_home(f"{FOLDER}/{sweep.id}/trials")
    if not (sweep.folder / "sweep.json").exists():
        write_text(sweep.folder / "sweep.json", json.dumps([asdict(one) for one in settings], indent=1))
    return sweep


def find_sweep(name: str) -> Sweep:
    """Look one up.

    Raises: UnknownName: there is none of that id.
    """
    path = home_folder() / FOLDER / name / "sweep.json"
    if not ID_FORM.fullmatch(name) or not path.exists():
        raise UnknownName("sweep", name, [one.id for one in list_sweeps()])
    return Sweep(name, tuple(settings_from_json(json.dumps(one)) for one in json.loads(path.read_text("utf-8"))))


def list_sweeps() -> list[Sweep]:
    """List the sweeps of this machine, the one begun last first."""
    found = sorted((home_folder() / FOLDER).glob("*/sweep.json"), key=lambda path: -path.stat().st_mtime)
    return [find_sweep(path.parent.name) for path in found if ID_FORM.fullmatch(path.parent.name)]


def keep_result(sweep: Sweep, result: TrialResult) -> None:
    """Note what came of a trial."""
    write_text(sweep.folder / "trials" / f"{result.at}.json", json.dumps(asdict(result)))


def result_from(metrics: dict[str, Any]) -> TrialResult:
    """Take a trial's result out of what it reported."""
    return TrialResult(**{one.name: metrics[one.name] for one in fields(TrialResult)})


def read_results(sweep: Sweep) -> list[TrialResult]:
    """Read what came of the trials that are over, in order."""
    found = [result_from(json.loads(path.read_text("utf-8"))) for path in (sweep.folder / "trials").glob("*.json")]
    return sorted((one for one in found if one.at < len(sweep.settings)), key=lambda one: one.at)


def summarize(sweep: Sweep, results: Sequence[TrialResult]) -> list[SettingSummary]:
    """Put the seeds of each architecture and learning rate together, in the order of the grid."""
    by_place = {one.at: one for one in results}
    pairs = dict.fromkeys((one.architecture, one.rate) for one in sweep.settings)
    found = []
    for pair in pairs:
        places = [at for at, one in enumerate(sweep.settings) if (one.architecture, one.rate) == pair]
        over = [by_place[at] for at in places if at in by_place]
        done = tuple(one.held_out for one in over if one.state == "done")
        found.append(SettingSummary(*pair, done, len(over) - len(done), len(places) - len(over)))
    return found
