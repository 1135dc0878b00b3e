"""Carry out a sweep on Ray Tune: on this machine, or on the machines of a cluster. Importing this loads Ray."""

from __future__ import annotations

import logging
import os
import sys
from collections.abc import Callable
from contextlib import redirect_stdout
from typing import Any, Final

from cnn.datasets.dataset import FOLDER_VARIABLE
from cnn.errors import BadInput, NotInstalled
from cnn.home import home_folder
from cnn.paths import ROOT
from cnn.sweeps import trial
from cnn.sweeps.sweep import Sweep, TrialResult, keep_result, result_from

os.environ.setdefault("RAY_CHDIR_TO_TRIAL_DIR", "0")  # paths that are not absolute stay what they were
os.environ.setdefault("RAY_agent_register_timeout_ms", "120000")  # 30 s are too short on a busy machine
os.environ.setdefault("RAY_USAGE_STATS_ENABLED", "0")  # nothing leaves the machine
try:
    import ray
    from ray import tune
except ImportError as error:
    raise NotInstalled("A sweep runs on Ray. Install it: pip install -r requirements-cluster.txt") from error

TRIES: Final = 3  # of a trial
STARTS: Final = 3  # of Ray itself
OnResult = Callable[[dict[str, Any]], None]

_listeners: dict[str, OnResult] = {}  # of the sweeps that this process carries out


def run_sweep(sweep: Sweep, on_result: OnResult, address: str = "", cpus: int = 2) -> list[TrialResult]:
    """Carry out the trials of a sweep that are not over; one that was interrupted goes on where it was.

    Args:
        sweep: see `plan_sweep`.
        on_result: told what a trial reports, at every frame and at its end.
        address: of a cluster; "" for this machine. Each machine of it has ConvScope and its packages at the same
            place, and CONVSCOPE_DATA; only where CONVSCOPE_HOME is a folder that all share do the frames come along.
        cpus: of a trial.
    Returns: what came of all trials that are over.
    Raises: BadInput: no cluster answers at `address`, or Ray does not start.
    """
    _listeners[sweep.id] = on_result
    _start_ray(address, cpus)
    try:
        with redirect_stdout(sys.stderr):  # what Ray says would stand between the rows of --json
            ended = _tuner(sweep, cpus).fit()
        told = [ended[at].metrics for at in range(len(ended))]
    finally:
        ray.shutdown()
    found = [result_from(one) for one in told if one is not None and _over(one)]
    for one in found:
        keep_result(sweep, one)
    return found


def _start_ray(address: str, cpus: int) -> None:
    """Join a cluster, or start Ray here: again where its own processes took more than the half minute it gives them."""
    kept = {name: os.environ[name] for name in (FOLDER_VARIABLE,) if name in os.environ}
    for tries_left in reversed(range(STARTS)):
        try:
            ray.init(
                include_dashboard=False,
                log_to_driver=False,
                logging_level=logging.ERROR,
                runtime_env={"env_vars": kept | {"PYTHONPATH": str(ROOT), "RAY_CHDIR_TO_TRIAL_DIR": "0"}},
                address=address or "local",
                num_cpus=None if address else max(cpus, os.cpu_count() or 1),
            )
            return
        except Exception as error:  # Ray raises what it likes, a bare Exception where its processes do not start
            ray.shutdown()
            if address or not tries_left:
                if not address:
                    raise BadInput(f"Ray did not start on this machine ({error}). Try again.") from error
                raise BadInput(
                    f"No cluster answers at {address} ({error}). Start one with: ray start --head. One that asks for a "
                    "token, as Ray's do by default, takes Ray's own from who sets RAY_AUTH_MODE=token."
                ) from error


def _tuner(sweep: Sweep, cpus: int) -> tune.Tuner:
    trainable = tune.with_resources(_trainable, {"cpu": cpus})
    storage = sweep.folder / "ray"
    space = {
        "at": tune.grid_search(list(range(len(sweep.settings)))),
        "home": trial.in_folder(home_folder()),
        "sweep": sweep.id,
        "settings": [one.to_json() for one in sweep.settings],
    }
    if tune.Tuner.can_restore(storage):
        return tune.Tuner.restore(
            str(storage), trainable, resume_unfinished=True, restart_errored=True, param_space=space
        )
    return tune.Tuner(
        trainable,
        param_space=space,
        run_config=tune.RunConfig(
            name=storage.name,
            storage_path=trial.in_folder(storage.parent),
            failure_config=tune.FailureConfig(max_failures=TRIES - 1),
            callbacks=[_Progress(sweep)],
            verbose=0,
        ),
    )


def _trainable(config: dict[str, Any]) -> None:
    trial.carry_out(config, tune.report)


def _over(metrics: dict[str, Any]) -> bool:
    return metrics.get("state") in ("done", "failed")


class _Progress(tune.Callback):
    """Pass on what trials report, and note what came of each as soon as it is over."""

    def __init__(self, sweep: Sweep) -> None:
        self._sweep = sweep  # alone: Ray writes it down, to restore it

    def on_trial_result(self, iteration: int, trials: list[Any], trial: Any, result: dict[str, Any], **_: Any) -> None:
        """Hear of a trial."""
        if _over(result):
            keep_result(self._sweep, result_from(result))
        _listeners[self._sweep.id](result)
