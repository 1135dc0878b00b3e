"""A look at work elsewhere: taken once, and by everybody in the same way."""

from __future__ import annotations

import ast
from concurrent.futures import Future

from cnn.paths import ROOT
from cnn.progress import Progress
from cnn.worker.client import WorkerFuture
from ui.resources.background_job import BackgroundJob
from ui.resources.job_snapshot import STOPPED, snapshot

LIVE = {"exception", "result", "cancelled"}  # methods of a future


def test_a_look_stays_what_it_was() -> None:
    future: WorkerFuture[int] = WorkerFuture()
    future.tell(Progress(0.5))
    before = snapshot(future)
    future.tell(Progress(0.9))
    future.set_result(7)
    assert (before.ended, before.result) == (False, None)
    assert before.progress is not None
    assert before.progress.share == 0.5
    assert (snapshot(future).ended, snapshot(future).result) == (True, 7)


def test_every_end_is_a_sentence() -> None:
    stopped: Future[int] = Future()
    stopped.cancel()
    failed: Future[int] = Future()
    failed.set_exception(ValueError("Too large."))
    wordless: Future[int] = Future()
    wordless.set_exception(KeyError())
    assert [snapshot(one).failure for one in (stopped, failed, wordless)] == [STOPPED, "Too large.", "KeyError()"]


def test_a_job_that_has_its_result_but_not_its_end_goes_on() -> None:
    job: BackgroundJob[int] = BackgroundJob("Counting", lambda came, stopped: 5)
    job.result = 5
    assert not job.snapshot().ended
    job.run()
    assert job.snapshot().result == 5


def test_pages_read_snapshots_alone() -> None:
    """Two looks at one future may differ, and a cancelled one raises: what is shown of it is read in one place."""
    files = {*ROOT.glob("pages/*.py"), *ROOT.glob("ui/*/*.py")} - {*ROOT.glob("ui/resources/*.py")}
    calls = (
        (f"{path.relative_to(ROOT)}:{call.lineno}", call.func.attr)
        for path in files
        for call in ast.walk(ast.parse(path.read_text("utf-8")))
        if isinstance(call, ast.Call) and isinstance(call.func, ast.Attribute)
    )
    assert [(place, name) for place, name in calls if name in LIVE] == []
