"""What is left of sessions that have ended: `python -m bench.session_memory --counts 100 1000 10000`.

Visitors come to the Draw page at the websocket, a few at a time, draw a digit, and go. After so many of them, and once
their sessions have expired, the memory of the server is told; it should not grow.
"""

from __future__ import annotations

import argparse
import asyncio
import os
from pathlib import Path
from time import perf_counter, sleep

from bench.crowd import cookie_of, questions, visit
from bench.server import APP, served

TTL_S = 5  # that the server keeps a session whose connection broke; 120 where nothing else is said
SETTLE_S = TTL_S + 15  # until what expired is collected


def resident_megabytes(process: int) -> float:
    """Say how much memory a process has now; /proc is Linux'."""
    status = Path(f"/proc/{process}/status").read_text()
    return next(int(line.split()[1]) for line in status.splitlines() if line.startswith("VmRSS:")) / 1024


async def come_and_go(url: str, visitors: int, at_once: int) -> None:
    """Let so many come, draw and go.

    Raises: AssertionError: somebody got no answer to their drawing.
    """
    drawings, left = questions(), iter(range(visitors))

    async def one_after_the_other() -> None:
        for number in left:
            cookie = await asyncio.to_thread(cookie_of, url)
            async with visit(url, cookie) as person:
                assert await person.draw(drawings[number % len(drawings)])

    await asyncio.gather(*(one_after_the_other() for _ in range(at_once)))


def main() -> None:
    """Measure, and say it in a line for each count."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--counts", type=int, nargs="+", default=[100, 1000, 10000])
    parser.add_argument("--at-once", type=int, default=4)
    options = parser.parse_args()
    os.environ["STREAMLIT_SERVER_DISCONNECTED_SESSION_TTL"] = str(TTL_S)
    with served(APP) as server:
        before = 0
        for count in sorted(options.counts):
            begun = perf_counter()
            asyncio.run(come_and_go(server.url, count - before, options.at_once))
            took, before = perf_counter() - begun, count
            sleep(SETTLE_S)
            print(
                f"After {count:,} sessions: {resident_megabytes(server.process.pid):.1f} MB ({took:.0f} s)", flush=True
            )


if __name__ == "__main__":
    main()
