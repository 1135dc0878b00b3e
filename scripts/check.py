"""Run lint, types and tests side by side, and say at the end how long each took: `make test`, `make test-all`.

Types are checked while the tests run: both need minutes of one core. Further arguments go to pytest.
"""

import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from time import perf_counter
from typing import NamedTuple

BIN = Path(sys.executable).parent
CODE = ("app.py", "serve.py", "bench", "cnn", "pages", "scripts", "tests", "ui")
WORKERS = 2  # processes that run tests, each with an app and a browser of its own; with three a click was lost
TESTS = ("-n", str(WORKERS), "--dist", "loadfile", "--no-loadscope-reorder")  # in order: the long files come first


class Done(NamedTuple):
    """A check that ended: its output is empty where it was shown while it ran."""

    code: int
    output: str
    seconds: float


def run(*command: str, quiet: bool = True) -> Done:
    """Run a program of the environment; `quiet` keeps what it says until it has ended."""
    started = perf_counter()
    done = subprocess.run(
        [BIN / command[0], *command[1:]],
        stdout=subprocess.PIPE if quiet else None,
        stderr=subprocess.STDOUT if quiet else None,
        text=True,
        check=False,
    )
    return Done(done.returncode, done.stdout or "", perf_counter() - started)


def lint() -> Done:
    """Check format and style."""
    form, style = run("ruff", "format", "--check", *CODE), run("ruff", "check", *CODE)
    return Done(form.code or style.code, form.output + style.output, form.seconds + style.seconds)


def main() -> int:
    """Run all checks, even after one has failed."""
    started = perf_counter()
    with ThreadPoolExecutor() as beside:
        asked = {"lint": beside.submit(lint), "types": beside.submit(run, "mypy")}
        tests = run("python", "-m", "pytest", *TESTS, *sys.argv[1:], quiet=False)
        checks = {name: check.result() for name, check in asked.items()}
    for name, check in checks.items():
        print(f"\n{name}: {'FAILED' if check.code else 'fine'} in {check.seconds:.0f} s\n{check.output.rstrip()}")
    print(f"\ntests: {'FAILED' if tests.code else 'fine'} in {tests.seconds:.0f} s with {WORKERS} workers")
    print(f"all: {perf_counter() - started:.0f} s")
    return int(any(check.code for check in (*checks.values(), tests)))


if __name__ == "__main__":
    sys.exit(main())
