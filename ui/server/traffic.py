"""What goes through the server: who is connected, how many answers, how long they take."""

from __future__ import annotations

import json
import logging
from bisect import bisect_left
from collections import deque
from collections.abc import MutableMapping
from dataclasses import dataclass, field
from time import perf_counter
from typing import Any, Final

from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg

from ui.server.host_guard import AsgiApp, Receive, Scope, Send

LOG: Final = logging.getLogger("convscope.traffic")
BUCKETS_S: Final = (0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0)  # seconds an answer takes, at most
RECENT: Final = 600  # answers whose times are kept, for the median
SMALL: Final = 512  # bytes: the end of a run and most questions are smaller, pictures and pages are not read here


@dataclass(slots=True)
class Traffic:
    """Counts since the server started. Of one thread, the event loop's.

    Attributes:
        sessions: websockets that are open.
        answers: script runs that came to an end.
        seconds: that they took, in all.
        buckets: how many took at most so long as BUCKETS_S says, the rest last.
        recent: (when, seconds) of the last RECENT; `when` on `perf_counter`.
    """

    sessions: int = 0
    answers: int = 0
    seconds: float = 0.0
    buckets: list[int] = field(default_factory=lambda: [0] * (len(BUCKETS_S) + 1))
    recent: deque[tuple[float, float]] = field(default_factory=lambda: deque(maxlen=RECENT))

    def note(self, seconds: float) -> None:
        """Count an answer."""
        self.answers += 1
        self.seconds += seconds
        self.buckets[bisect_left(BUCKETS_S, seconds)] += 1
        self.recent.append((perf_counter(), seconds))

    def percentile(self, share: float) -> float:
        """Say within how many seconds that share of the recent answers came; 0 where there was none."""
        took = sorted(seconds for _, seconds in self.recent)
        return took[min(len(took) - 1, int(share * len(took)))] if took else 0.0

    def a_second(self, over: float = 60.0) -> float:
        """Count the answers a second of the last `over` seconds, as far as they are remembered."""
        since = perf_counter() - over
        return sum(when > since for when, _ in self.recent) / over


TRAFFIC: Final = Traffic()


class TrafficMeter:
    """Middleware that counts into TRAFFIC: an answer is what lies between a question and the end of the run for it."""

    def __init__(self, app: AsgiApp) -> None:
        """Stand before `app`."""
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Hand on, and look at what is small."""
        if scope["type"] != "websocket":
            await self._app(scope, receive, send)
            return
        asked: list[float] = []

        async def received() -> MutableMapping[str, Any]:
            message = await receive()
            if (content := message.get("bytes")) and BackMsg.FromString(content).HasField("rerun_script"):
                asked[:] = asked or [perf_counter()]
            return message

        async def sent(message: MutableMapping[str, Any]) -> None:
            await send(message)
            content = message.get("bytes")
            if (
                asked
                and content
                and len(content) < SMALL
                and ForwardMsg.FromString(content).HasField("script_finished")
            ):
                took = perf_counter() - asked.pop()
                TRAFFIC.note(took)
                LOG.info("answer", extra={"seconds": round(took, 4)})

        TRAFFIC.sessions += 1
        try:
            await self._app(scope, received, sent)
        finally:
            TRAFFIC.sessions -= 1


class JsonLines(logging.Formatter):
    """One JSON object a line, for whoever gathers logs."""

    def format(self, record: logging.LogRecord) -> str:
        """Write a record."""
        told: dict[str, Any] = {"time": self.formatTime(record), "level": record.levelname, "logger": record.name}
        told |= {"message": record.getMessage(), "seconds": getattr(record, "seconds", None)}
        told["error"] = self.formatException(record.exc_info) if record.exc_info else None
        return json.dumps({name: one for name, one in told.items() if one is not None})
