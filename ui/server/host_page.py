"""How the server does, for whoever runs it: a page and the same as Prometheus' text, behind a token."""

from __future__ import annotations

import hmac
import os
from collections.abc import Mapping
from html import escape
from pathlib import Path
from typing import Final

from starlette.requests import Request
from starlette.responses import HTMLResponse, PlainTextResponse, Response
from starlette.routing import Route

from ui.resources import background_job
from ui.server.traffic import BUCKETS_S, TRAFFIC

TOKEN_VARIABLE: Final = "CONVSCOPE_HOST_TOKEN"  # environment; without it there is no such page
PAGE: Final = """<!doctype html><html lang="en"><meta charset="utf-8"><meta http-equiv="refresh" content="5">
<meta name="viewport" content="width=device-width"><title>ConvScope: the server</title>
<style>body{{font:1rem/1.6 sans-serif;max-width:32rem;margin:2rem auto;padding:0 1rem;color-scheme:light dark}}
td:last-child{{text-align:right;font-variant-numeric:tabular-nums}}table{{width:100%}}</style>
<h1>How this server does</h1><table>{rows}</table><p>Since it started; anew every 5 seconds.</p></html>"""


def figures() -> Mapping[str, str]:
    """Gather what the page shows: a title and a text each."""
    running, waiting = background_job.count_jobs()
    return {
        "Connected": f"{TRAFFIC.sessions:,}",
        "Answers": f"{TRAFFIC.answers:,}",
        "Answers a second, in the last minute": f"{TRAFFIC.a_second():.1f}",
        "An answer takes, median": f"{TRAFFIC.percentile(0.5) * 1000:.0f} ms",
        "95 % take at most": f"{TRAFFIC.percentile(0.95) * 1000:.0f} ms",
        "Memory of the server": f"{memory_bytes() / 2**20:,.0f} MB",
        "Measurements under way": str(running),
        "Measurements that wait": str(waiting),
    }


def prometheus_text() -> str:
    """Write the same in Prometheus' text format, 0.0.4."""
    running, waiting = background_job.count_jobs()
    gauges = {
        "convscope_sessions": TRAFFIC.sessions,
        "process_resident_memory_bytes": memory_bytes(),
        'convscope_jobs{state="running"}': running,
        'convscope_jobs{state="waiting"}': waiting,
    }
    lines = []
    for name, value in gauges.items():
        family = name.partition("{")[0]
        if f"# TYPE {family} gauge" not in lines:
            lines.append(f"# TYPE {family} gauge")
        lines.append(f"{name} {value}")
    lines.append("# TYPE convscope_answer_seconds histogram")
    for at, most in enumerate((*map(str, BUCKETS_S), "+Inf")):
        lines.append(f'convscope_answer_seconds_bucket{{le="{most}"}} {sum(TRAFFIC.buckets[: at + 1])}')
    lines += [
        f"convscope_answer_seconds_sum {TRAFFIC.seconds:.6f}",
        f"convscope_answer_seconds_count {TRAFFIC.answers}",
    ]
    return "\n".join(lines) + "\n"


def memory_bytes() -> int:
    """Say how much memory the server takes now; 0 where the system does not tell."""
    try:
        return int(Path("/proc/self/statm").read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE")
    except OSError:
        return 0


def _allowed(request: Request) -> bool:
    wanted = os.environ.get(TOKEN_VARIABLE, "")
    given = request.headers.get("authorization", "").removeprefix("Bearer ") or request.query_params.get("token", "")
    return bool(wanted) and hmac.compare_digest(given.encode(), wanted.encode())


async def show_page(request: Request) -> Response:
    """Show how the server does."""
    if not _allowed(request):
        return PlainTextResponse("Not Found", 404)
    rows = "".join(f"<tr><td>{escape(title)}</td><td>{escape(text)}</td></tr>" for title, text in figures().items())
    return HTMLResponse(PAGE.format(rows=rows), headers={"Cache-Control": "no-store"})


async def show_metrics(request: Request) -> Response:
    """Give the same to Prometheus, whose `authorization` holds the token."""
    if not _allowed(request):
        return PlainTextResponse("Not Found", 404)
    return PlainTextResponse(prometheus_text(), media_type="text/plain; version=0.0.4")


ROUTES: Final = (Route("/host", show_page), Route("/host/metrics", show_metrics))
