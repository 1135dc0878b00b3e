"""A process behind a page that is killed at random: everybody who waits is told, and nothing half made stays."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from random import Random
from typing import Any

import pytest

from cnn.bundle import client
from cnn.teach import network_process
from ui.resources.background_job import BackgroundJobs, Came
from ui.resources.visits import Visit

KILLS = 50
STEPS = 4
NEVER = STEPS + 1
# Tells its steps as the real one does, and goes on when the test lets it: a kill falls exactly where it shall.
MAKER = f"""import json, pathlib, sys
target = pathlib.Path(sys.argv[2])
beside = target.with_name("beside-" + target.name)
for step in range({STEPS}):
    print(json.dumps({{"done": step, "of": {STEPS}, "words": "Writing"}}), flush=True)
    sys.stdin.readline()
    with beside.open("a") as file:
        file.write(str(step))
beside.replace(target)
print(json.dumps({{"name": "own/1", "title": "Pets"}}) if sys.argv[1] == "network" else "", end="")
"""
COMMAND = (sys.executable, "-I", "-S", "-c", MAKER)


class Doomed:
    """Kills the process that was started last, at its step `at`; 0 is before its first word, NEVER never."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.at = NEVER
        self.child: subprocess.Popen[str] | None = None
        begin = subprocess.Popen

        def begun(*command: Any, **options: Any) -> subprocess.Popen[str]:
            self.child = begin(*command, **options)
            if self.at == 0:
                self.child.kill()
            return self.child

        monkeypatch.setattr(subprocess, "Popen", begun)

    def heard(self, done: int) -> None:
        """Kill, or let it go on; it waits for a line after each step."""
        assert self.child
        assert self.child.stdin
        if done + 1 == self.at:
            self.child.kill()
        else:
            self.child.stdin.write("\n")
            self.child.stdin.flush()


Make = Callable[[Came, Callable[[], bool]], object]


def exporting(target: Path, doomed: Doomed) -> Make:
    def make(came: Came, stopped: Callable[[], bool]) -> object:
        client.export_network(
            "export", target, lambda done, of, words: doomed.heard(done), stopped, files=(), command=COMMAND
        )
        return target

    return make


def learning(target: Path, doomed: Doomed) -> Make:
    def make(came: Came, stopped: Callable[[], bool]) -> object:
        return network_process.make_network("network", str(target), "Pets", False, lambda done, of: doomed.heard(done))

    return make


@pytest.mark.parametrize(
    ("maker", "why"), [(exporting, "ended by the system"), (learning, "ended from outside")], ids=["export", "network"]
)
def test_fifty_kills_at_random_leave_nobody_waiting(
    maker: Callable[[Path, Doomed], Make],
    why: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    asking: dict[str, Visit],
) -> None:
    monkeypatch.setattr(network_process, "COMMAND", COMMAND)
    doomed, random, target = Doomed(monkeypatch), Random(0), tmp_path / "network.zip"
    with ThreadPoolExecutor(1) as crew:
        jobs = BackgroundJobs[object](crew.submit)
        for _ in range(KILLS):
            doomed.at = random.randrange(NEVER + 1)
            target.unlink(missing_ok=True)
            for name in ("ann", "bob"):  # the second comes to what the first began, or begins it anew where it ended
                asking["now"] = asking[name]
                jobs.start("key", "Making", maker(target, doomed))
            job = jobs.last("key")
            assert job
            assert job.ended.wait(60), "nobody is told"
            seen = job.snapshot()
            assert seen.ended
            if doomed.at == NEVER:
                assert seen.result is not None
            else:
                assert why in (seen.failure or "")
            if maker is exporting:  # what only the real maker of networks cleans up, it does when it begins again
                assert [path.name for path in tmp_path.iterdir()] == ([target.name] if doomed.at == NEVER else [])
            jobs.forget("key")
        assert not jobs.unfinished()
