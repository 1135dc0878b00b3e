"""The process that opens a person's file: `python -m cnn.importing`, one request in JSON on standard input.

It answers with one line of JSON on standard output: {"facts": ...}, {"name": ..., "title": ...} or {"why": ...}.
Once TensorFlow is loaded, memory and processor time are bounded: what a file makes of itself ends this process alone.
"""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Any, Final

from cnn.errors import ConvScopeError, reason

MEMORY_BYTES: Final = 4 * 2**30  # beyond what TensorFlow takes by itself: five times the largest network, converted
PROCESSOR_S: Final = 600
WRITTEN_BYTES: Final = 2 * 2**30  # a file
NICENESS: Final = 10


def main() -> int:
    """Answer one request."""
    out = os.fdopen(os.dup(1), "w")
    os.dup2(2, 1)  # standard output is for the server: what libraries print goes to standard error
    if hasattr(os, "nice"):
        os.nice(NICENESS)
    request = json.loads(sys.stdin.read())
    from cnn.importing import file_requests  # seconds: TensorFlow

    bound_resources()
    print(json.dumps(answer(file_requests.REQUESTS[request.pop("do")], request)), file=out, flush=True)
    return 0


def answer(do: Callable[..., dict[str, Any]], request: dict[str, Any]) -> dict[str, Any]:
    """Do what is asked; whatever goes wrong becomes a sentence."""
    try:
        return do(**request)
    except ConvScopeError as error:
        return {"why": str(error)}
    except MemoryError:
        return {"why": TOO_LARGE}
    except Exception as error:
        return {"why": TOO_LARGE if type(error).__name__ == "ResourceExhaustedError" else reason("This file", error)}


TOO_LARGE: Final = f"This network needs more than {MEMORY_BYTES / 2**30:.0f} GB of memory. Bring a smaller one."


def bound_resources() -> None:
    """Bound this process, where the system can: what it takes beyond that fails here, and nowhere else."""
    try:
        import resource
    except ImportError:  # Windows: the server's clock alone bounds it
        return
    for what, most in (
        (resource.RLIMIT_AS, _taken_bytes() + MEMORY_BYTES),
        (resource.RLIMIT_CPU, int(sum(os.times()[:2])) + PROCESSOR_S),
        (resource.RLIMIT_FSIZE, WRITTEN_BYTES),
        (resource.RLIMIT_CORE, 0),
    ):
        with suppress(ValueError, OSError):  # macOS has no bound on addresses
            resource.setrlimit(what, (most, most))


def _taken_bytes() -> int:
    """Say how much of its address space this process has taken; 64 GB where the system does not say."""
    try:
        return int(Path("/proc/self/statm").read_text("ascii").split()[0]) * os.sysconf("SC_PAGE_SIZE")
    except OSError:
        return 64 * 2**30


if __name__ == "__main__":
    sys.exit(main())
