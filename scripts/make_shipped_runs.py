"""Write assets/runs/: a training of each of the five architectures, to scrub through before one trains anything.

    CONVSCOPE_HOME=FOLDER python -m scripts.make_shipped_runs

They learn from the 4,000 embedded digits, which takes about three minutes of two cores; a run that is done in FOLDER
already is taken as it is.
"""

from __future__ import annotations

import json
import shutil
from dataclasses import asdict
from typing import Final

from cnn import atomic_files
from cnn.runs.compact_frames import compact_run
from cnn.runs.frame_network import GRAPH_FILE, HELD_OUT_FILE
from cnn.runs.frames import steps_with_frames
from cnn.runs.settings import RunSettings
from cnn.runs.table import ROW_FILE, SHIPPED_RUNS, RunRow, RunTable

MOST_BYTES: Final = 3_000_000  # of a run, all its files
EPOCHS: Final = 5
RATES: Final = {"lenet": 0.05, "alexnet": 0.02, "vgg": 0.05, "inception": 0.05, "resnet": 0.05}  # of SGD with momentum


def train(table: RunTable, settings: RunSettings) -> RunRow:
    """Train with these settings, unless that was done."""
    done = [row for row in table.newest() if row.state == "done" and row.settings == settings]
    if done:
        return done[0]
    from cnn.runs.foreground import train_in_foreground

    return train_in_foreground(table, table.add(settings, "", "scripts"))


def ship(row: RunRow) -> tuple[int, int]:
    """Write a run as it is shipped; return how many frames it has, and the bytes of all files."""
    steps, target = steps_with_frames(row.folder), SHIPPED_RUNS / row.settings.architecture
    shutil.rmtree(target, ignore_errors=True)
    target.mkdir(parents=True)
    compact_run(row.folder, steps, target)
    for name in (GRAPH_FILE, HELD_OUT_FILE):
        shutil.copy(row.folder / name, target)
    right, asked = row.test or (0, 0)
    entries = {"settings": asdict(row.settings), "right": right, "asked": asked}
    atomic_files.write_text(target / ROW_FILE, json.dumps(entries, indent=1) + "\n")
    size = sum(path.stat().st_size for path in target.iterdir())
    if size > MOST_BYTES:
        raise SystemExit(f"{target.name}: {size:,} bytes are more than {MOST_BYTES:,}. Train it for fewer epochs.")
    return len(steps), size


def main() -> None:
    """Train what is missing, and write all five."""
    table = RunTable()
    for architecture, rate in RATES.items():
        row = train(table, RunSettings(architecture, epochs=EPOCHS, rate=rate))
        kept, size = ship(row)
        print(f"{row.name}: {kept} frames, {size / 1e6:.2f} MB, {row.test} test pictures right")


if __name__ == "__main__":
    main()
