"""A million photos: each machine reads and answers a part, rows go to Parquet as they come. No TensorFlow.

    python -m cnn predict PHOTOS --network imagenet/efficientnet_lite0 --ray local --out answers/

An actor loads the network once, one interpreter of one thread; Ray Data hands it photos by their paths, so every
machine has to reach them under the same path, and ConvScope with its networks. A photo that cannot be read is a row
with its error. What was written is not asked again: after a kill the same command goes on.
"""

from __future__ import annotations

import logging
import os
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from time import perf_counter
from typing import Any, Final

import numpy as np
import numpy.typing as npt

from cnn.errors import BadInput, DiskFull
from cnn.inference.photo_classification import answer_photo_file
from cnn.paths import ROOT
from cnn.shelf import is_own, load_own_network
from cnn.zoo import Network, pretrained

LOCAL: Final = "local"  # for an address: a cluster of this machine alone, which ends with the command
BATCH: Final = 64  # photos that an actor answers at once
BLOCK: Final = 512  # photos a file of Parquet, at most: what a kill costs
ENDING: Final = ".parquet"
PROCESSORS: Final = 1.0  # that an actor takes: its interpreter has one thread
INSTALL: Final = "Ray is not installed: pip install -r requirements-cluster.txt (79 MB)."
Column = npt.NDArray[Any]


@dataclass(frozen=True, slots=True)
class ClusterAnswers:
    """What came of it.

    Attributes:
        photos: that were answered now ...
        before: ... and that had been before.
        errors: rows of now that say why a photo could not be read.
        seconds: that it took.
        actors: that answered.
    """

    photos: int
    before: int
    errors: int
    seconds: float
    actors: int


class PhotoActor:
    """Answers photos by their paths; Ray makes one in a process of its own, which loads the networks once."""

    def __init__(self, names: Sequence[str]) -> None:
        """Load the networks, shipped, fetched or one's own."""
        self._networks = [load_named_network(name) for name in names]

    def __call__(self, batch: dict[str, Column]) -> dict[str, Column]:
        """Answer a batch with a column "input" of paths: a row a photo and network, or one with its error."""
        rows = [row for path in batch["input"] for row in answer_photo_file(Path(str(path)), self._networks)]
        best = [row["top"][0] if "top" in row else None for row in rows]
        return {
            "input": np.array([row["input"] for row in rows], object),
            "network": np.array([row.get("network", "") for row in rows], object),
            "label": np.array([one["label"] if one else "" for one in best], object),
            "class": np.array([one["class"] if one else -1 for one in best], np.int64),
            "probability": np.array([one["probability"] if one else np.nan for one in best], np.float64),
            "known": np.array([bool(row.get("known", False)) for row in rows], bool),
            "error": np.array([row.get("error", "") for row in rows], object),
        }


def load_named_network(name: str) -> Network:
    """Load a network by a name such as "imagenet/squeezenet" or "own/3f2a9c01"."""
    return load_own_network(name) if is_own(name) else pretrained.load_available(name)


def predict_on_cluster(
    photos: Iterable[Path],
    names: Sequence[str],
    address: str,
    out: Path,
    say: Callable[[str], None] = lambda _: None,
) -> ClusterAnswers:
    """Answer photos on a cluster and write the rows below a folder.

    Args:
        photos: their files.
        names: of the networks.
        address: of Ray, such as "ray://head:10001" or "auto"; LOCAL for this machine alone.
        out: a folder of Parquet files: input, network, label, class (-1 with an error), probability, known, error.
        say: told how it stands.
    Raises: BadInput: Ray is not installed or not there, or there are no photos.
        DiskFull: `out` cannot be written.
    """
    try:
        import ray
    except ImportError as error:
        raise BadInput(INSTALL) from error
    cluster: Any = ray  # whose functions have types in part
    listed = sorted({str(path.absolute()) for path in photos})
    if not listed:
        raise BadInput("There are no photos to answer.")
    try:
        out.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise DiskFull(f"Nothing can be written to {out} ({error.strerror}).") from error
    done = answered_before(out)
    waiting = [path for path in listed if path not in done]
    say(f"{len(waiting):,} photos to answer, {len(listed) - len(waiting):,} were before.")
    if not waiting:
        return ClusterAnswers(0, len(listed), 0, 0.0, 0)
    _begin(cluster, address)
    started = perf_counter()
    try:
        actors = max(1, min(int(cluster.cluster_resources().get("CPU", 1)), -(-len(waiting) // BATCH)))
        found = cluster.data.from_items(
            [{"input": path} for path in waiting], override_num_blocks=_blocks(len(waiting))
        )
        found = found.map_batches(
            PhotoActor,
            fn_constructor_args=(tuple(names),),
            batch_size=BATCH,
            num_cpus=PROCESSORS,
            compute=cluster.data.ActorPoolStrategy(min_size=1, max_size=actors),
        )
        found.write_parquet(str(out.absolute()))
        seconds = perf_counter() - started
    finally:
        cluster.shutdown()
    errors = sum(answered_before(out)[path] for path in waiting)
    return ClusterAnswers(len(waiting), len(listed) - len(waiting), errors, seconds, actors)


def _blocks(photos: int) -> int:
    return max(1, -(-photos // BLOCK))


def _begin(ray: Any, address: str) -> None:
    """Join a cluster, or begin one of this machine; Ray reports nothing to anybody."""
    os.environ["RAY_USAGE_STATS_ENABLED"] = "0"
    kept = {name: value for name, value in os.environ.items() if name.startswith("CONVSCOPE_")}
    how = {"include_dashboard": False} if address == LOCAL else {}
    try:
        ray.init(
            address=address,
            runtime_env={"env_vars": kept | {"PYTHONPATH": str(ROOT), "OMP_NUM_THREADS": "1"}},
            log_to_driver=False,
            logging_level="ERROR",
            **how,
        )
    except (ConnectionError, ValueError, RuntimeError, OSError) as error:
        said = " ".join(str(error).split())[:200]
        raise BadInput(
            f"No Ray answers at {address} ({said}). Start one: ray start --head; or take {LOCAL}."
        ) from error
    logging.getLogger("ray.data").setLevel(logging.ERROR)  # it tells each step
    context = ray.data.DataContext.get_current()
    context.enable_progress_bars = False


def answered_before(out: Path) -> dict[str, bool]:
    """List the photos whose rows were written, and whether that is an error; a file that is not whole goes.

    Args:
        out: the folder of Parquet files.
    """
    from pyarrow import ArrowException, parquet

    done: dict[str, bool] = {}
    for path in sorted(out.glob(f"*{ENDING}")):
        try:
            table = parquet.read_table(path, columns=["input", "error"])
        except (ArrowException, OSError, ValueError):  # it was being written when the command was killed
            path.unlink(missing_ok=True)
            continue
        done |= {
            name: bool(error)
            for name, error in zip(table["input"].to_pylist(), table["error"].to_pylist(), strict=True)
        }
    return done
