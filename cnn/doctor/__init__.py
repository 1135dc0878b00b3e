"""Look for what keeps ConvScope from working, and say what to do: `python -m cnn doctor`.

It must work where nothing else does, with a numpy.py in the way or half of the packages missing: so it needs the
standard library alone, looks for such files first, and loads packages in a process of its own.
May import `architectures`, `atomic_files`, `graph`, `keras_settings`, `machine_memory` and `zoo`.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator, Sequence
from pathlib import Path

from cnn.doctor import shadowed_imports
from cnn.doctor.finding import Finding
from cnn.doctor.shadowed_imports import ShadowedImport

__all__ = ["Finding", "examine_machine"]


def examine_machine() -> Iterator[Finding]:
    """Look at one thing after the other; loading the packages takes some seconds."""
    yield from shadowed_imports.check_shadowed_imports(hidden := shadowed_imports.find_shadowed_imports())
    _step_aside(hidden)
    from cnn.doctor import installed_assets, keras_configuration, memory_disk, packages, processor
    from cnn.zoo import pretrained

    yield from packages.check_python()
    yield from _packages(names_are_free=not hidden)
    yield from keras_configuration.check_keras()
    yield from processor.check_processor(processor.read_processor())
    yield from memory_disk.check_memory()
    yield from memory_disk.check_disk(
        {"networks that are fetched": pretrained.pretrained_folder(), "trainings": Path.cwd()}
    )
    yield from installed_assets.check_shipped_networks()
    yield from installed_assets.check_fetched_networks()
    yield from installed_assets.check_data_sets()


def _step_aside(hidden: Sequence[ShadowedImport]) -> None:
    """Let this process import from elsewhere: half of the standard library stands on `random`, say."""
    folders = {shadow.path.parent for shadow in hidden}
    sys.path[:] = [entry for entry in sys.path if Path(entry or ".").absolute() not in folders]


def _packages(names_are_free: bool) -> Iterator[Finding]:
    from cnn.doctor import packages, requirements

    wanted = requirements.read_requirements()
    if not wanted:
        yield Finding("Packages", "requirements.txt is not there.", "bad", "Unpack ConvScope anew.")
    found = list(packages.check_versions(wanted))
    yield from found
    if names_are_free and all(one.state != "bad" for one in found):
        yield from packages.check_loading()
    else:
        yield Finding("Packages", "loading them was not tried.", "note", "Mend the above, then look again.")
