"""Checkpoints that survive a kill at any moment: written beside, then renamed."""

from __future__ import annotations

import hashlib
import json
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from cnn.atomic_files import sha256, write_bytes, write_text
from cnn.errors import BrokenCheckpoint, DiskFull

if TYPE_CHECKING:
    import keras

STATE_FILE = "state.json"
Stage = Literal["first", "refinement"]


@dataclass(frozen=True, slots=True)
class TrainingRun:
    """What must be the same for a run to be resumed."""

    architecture: str
    data: str
    seed: int
    epochs: int
    batch: int
    pictures: int
    stage: Stage = "first"


def save_checkpoint(
    model: keras.Model, folder: Path, run: TrainingRun, epoch: int, history: list[dict[str, float]]
) -> None:
    """Keep weights and optimizer after `epoch` epochs; the former checkpoint goes last.

    Raises: DiskFull: the files could not be written; the former checkpoint still stands.
    """
    from cnn.export.keras_to_tflite import pack_weights  # loads TensorFlow, which whoever has a model has done

    name, weights = f"epoch-{epoch:04d}.weights.h5", pack_weights(model)
    sha = hashlib.sha256(weights).hexdigest()
    state = {"run": asdict(run), "epoch": epoch, "weights": name, "sha256": sha, "history": history}
    try:
        folder.mkdir(parents=True, exist_ok=True)
        write_bytes(folder / name, weights)
        write_text(folder / STATE_FILE, json.dumps(state, indent=1))
    except OSError as error:
        raise DiskFull(
            f"The checkpoint could not be written to {folder} ({error}). Free some space, then --resume."
        ) from error
    for old in folder.glob("*.weights.h5"):
        if old.name != name:
            old.unlink(missing_ok=True)


def load_checkpoint(model: keras.Model, folder: Path, run: TrainingRun) -> tuple[int, list[dict[str, float]]]:
    """Bring back weights and optimizer.

    Returns: how many epochs are done, and what was measured after each; 0 and nothing
        where no checkpoint was kept.
    Raises: BrokenCheckpoint: it is damaged, or of another run.
    """
    if not (folder / STATE_FILE).exists():
        return 0, []
    advice = f"Delete {folder} and train from the start."
    try:
        state = json.loads((folder / STATE_FILE).read_text())
        kept, weights = TrainingRun(**state["run"]), folder / state["weights"]
        whole = sha256(weights) == state["sha256"]
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise BrokenCheckpoint(f"The checkpoint in {folder} cannot be read ({error}). {advice}") from error
    if not whole:
        raise BrokenCheckpoint(f"The checkpoint in {folder} is damaged: its checksum differs. {advice}")
    if kept != run:
        raise BrokenCheckpoint(f"The checkpoint in {folder} is of {kept}, not of {run}. Use its options, or: {advice}")
    model.optimizer.build(model.trainable_variables)
    model.load_weights(weights)
    return int(state["epoch"]), list(state["history"])
