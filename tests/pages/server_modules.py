"""Open every page in one process, as the server does, and print after each which heavy packages are in it.

`test_every_page.py` runs it in a process of its own: this one holds what the other tests imported.
"""

from __future__ import annotations

import sys
from concurrent.futures import Future
from typing import Any

from cnn.paths import ROOT
from cnn.runs.processes import RunProcesses
from tests.pages import driver
from ui.components.drawing_canvas.drawing_canvas import Drawing, KeptDrawing
from ui.resources import attributions, measurements
from ui.resources.background_job import BackgroundJob
from ui.selection import sample_digits

HEAVY = ("ai_edge_litert", "keras", "pandas", "tensorflow")
LIGHT = ("architectures", "compare", "draw", "evidence", "help", "home")  # do without pandas, so they are opened first
PAGES = (*LIGHT, *sorted({path.stem for path in (ROOT / "pages").glob("*.py")} - set(LIGHT)))


class Silent:
    """Stands for the process that computes evidence: it never answers."""

    ready = False

    def submit(self, _question: object, asker: int = 0) -> Future[Any]:  # as the client is asked
        return Future()


def main() -> None:
    setattr(RunProcesses, "warm", lambda _: None)  # noqa: B010
    setattr(attributions, "worker_client", Silent)  # noqa: B010  # mypy would refuse the assignment
    unmeasured: BackgroundJob[None] = BackgroundJob("", lambda came, stopped: None)
    setattr(measurements, "measured_cost", lambda _name, _folder: unmeasured)  # noqa: B010
    session = {"draw:drawing": KeptDrawing(Drawing(sample_digits.sample_digits()[7][1]))}
    for page in PAGES:
        driver.opened(page, session)
        print(page, *(name for name in HEAVY if name in sys.modules))


if __name__ == "__main__":
    main()
