"""Many people who draw at once, at the websocket: `python -m bench.crowd --people 100 --every 3 --seconds 60`.

Each sends a browser's messages and has no browser. Everybody draws digits of their own, and looks whether the answer is
to what they drew: the strokes that the canvas is given back, and the 28x28 pixels under "What the network sees".
"""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import random
from base64 import b64decode
from collections.abc import AsyncIterator, Callable, Coroutine
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from io import BytesIO
from pathlib import Path
from time import perf_counter
from typing import Any
from urllib.request import Request, urlopen

import numpy as np
from PIL import Image
from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from websockets.asyncio.client import ClientConnection, connect

from bench.server import APP, served
from cnn.array_types import Pixels
from cnn.datasets.synthetic_handwriting import write_digit
from cnn.preprocessing import from_strokes
from ui.components.drawing_canvas.drawing_canvas import HEIGHT, PEN, WIDTH, drawing_to_json, parse_drawing

CANVAS, STEPS = "convscope_drawing_canvas", "convscope_preprocessing_steps"  # components of the Draw page
DRAWINGS = 200  # different ones; each person draws some of them, in an order of their own
PATIENCE_S = 60  # for an answer


@dataclass(frozen=True, slots=True)
class Question:
    """A drawing as the browser sends it, and what the network sees of it, uint8 (28, 28), which must come back."""

    strokes: list[list[list[float]]]
    seen: Pixels


@dataclass(slots=True)
class Crowd:
    """What happened to all.

    Attributes:
        took: seconds from each question to the end of its answer.
        wrong: answers that were to something else than what was asked.
        lost: people whose connection broke, or who got no answer for PATIENCE_S.
        processor: seconds of processor time that the meter counted between the first question and the last answer.
        received: bytes, all answers together.
    """

    took: list[float] = field(default_factory=list)
    wrong: int = 0
    lost: int = 0
    processor: float = 0.0
    received: int = 0


def questions(seed: int = 0) -> list[Question]:
    """Draw DRAWINGS digits, each in another hand, and prepare the pictures of them that must come back."""
    generator = np.random.default_rng(seed)
    return [_question(at % 10, generator) for at in range(DRAWINGS)]


def _question(label: int, generator: np.random.Generator) -> Question:
    size, corner = generator.uniform(100, 200), generator.uniform(20, 80, 2)
    written = [(corner + size * stroke).round(1).tolist() for stroke in write_digit(label, generator)]
    drawing = parse_drawing({"strokes": written, "pen": PEN})
    digit = from_strokes(drawing.strokes, drawing.pen, WIDTH, HEIGHT).digits[0]
    return Question(drawing_to_json(drawing)["strokes"], np.rint(digit.pixels[..., 0] * 255).astype(np.uint8))


@dataclass(slots=True)
class Person:
    """Draws on the Draw page of the server at `url`, or brings photos to its Photo page."""

    url: str
    connection: ClientConnection
    cookie: str = ""
    session: str = ""
    widget: str = ""  # the canvas, or the uploader
    fragment: str = ""
    page: str = ""
    query: str = ""  # of its address, as the page wrote it last
    serial: int = 0
    received: int = 0
    name: str = "draw"  # of its page

    async def open(self, page: str = "draw") -> None:
        """Wait until a page stands."""
        self.name = page
        await self._ask({"page_name": page})
        async for message in self._answer():
            if message.WhichOneof("type") == "navigation":
                self.page = message.navigation.page_script_hash
            if message.WhichOneof("type") == "new_session":
                self.session = message.new_session.initialize.session_id
            element = message.delta.new_element
            if element.bidi_component.component_name == CANVAS and page == "draw":
                self.widget, self.fragment = element.bidi_component.id, message.delta.fragment_id
            if element.WhichOneof("type") == "file_uploader" and page == "photo":
                self.widget, self.fragment = element.file_uploader.id, message.delta.fragment_id

    async def bring(self, photo: bytes, name: str) -> list[tuple[float, str]]:
        """Bring a photo to the Photo page; give all that is said until the answer stands, with the seconds until then.

        Raises: OSError: it was not taken.
        """
        begun, place = perf_counter(), f"{self.url}/_stcore/upload_file/{self.session}/photo"
        await asyncio.to_thread(_upload, place, self.cookie, photo, name)
        info = {"file_id": "photo", "name": name, "size": len(photo), "file_urls": {"file_id": "photo"}}
        states = [{"id": self.widget, "file_uploader_state_value": {"uploaded_file_info": [info]}}]
        await self._ask(
            {
                "fragment_id": self.fragment,
                "page_script_hash": self.page,
                "widget_states": {"widgets": states},
            }
        )
        said = []
        async for message in self._answer():
            element = message.delta.new_element
            words = element.spinner.text or element.markdown.body
            if words:
                said.append((perf_counter() - begun, words))
        return said

    async def draw(self, question: Question) -> bool:
        """Lift the pen, and wait for the end of the answer; say whether it was to this question."""
        self.serial += 1
        told = {"strokes": question.strokes, "pen": PEN, "done": True, "revision": 0, "serial": self.serial}
        states = [{"id": self.widget, "json_value": json.dumps({"message": told})}]
        await self._ask(
            {
                "fragment_id": self.fragment,
                "page_script_hash": self.page,
                "widget_states": {"widgets": states},
            }
        )
        drawn = seen = ""
        async for message in self._answer():
            component = message.delta.new_element.bidi_component
            if component.component_name == CANVAS:
                drawn = component.json or component.mixed.json
            elif component.component_name == STEPS:
                seen = component.json or component.mixed.json
        return bool(drawn and seen) and _is_answer(json.loads(drawn), json.loads(seen), question)

    async def _ask(self, asked: dict[str, Any]) -> None:
        asked |= {"query_string": self.query, "context_info": {"url": f"{self.url}/{self.name}"}}
        await self.connection.send(BackMsg(rerun_script=asked).SerializeToString())

    async def _answer(self) -> AsyncIterator[ForwardMsg]:
        while True:
            data = await asyncio.wait_for(self.connection.recv(), PATIENCE_S)
            assert isinstance(data, bytes)
            self.received += len(data)
            message = ForwardMsg.FromString(data)
            match message.WhichOneof("type"):
                case "script_finished" if message.script_finished != ForwardMsg.FINISHED_EARLY_FOR_RERUN:
                    return
                case "page_info_changed":
                    self.query = message.page_info_changed.query_string
            yield message


def _is_answer(canvas: dict[str, Any], steps: dict[str, Any], question: Question) -> bool:
    last = steps["panels"][-1]["picture"].partition(",")[2]
    if not last or canvas["strokes"] != question.strokes:
        return False
    return np.array_equal(np.asarray(Image.open(BytesIO(b64decode(last)))), question.seen)


@asynccontextmanager
async def visit(url: str, cookie: str = "", page: str = "draw") -> AsyncIterator[Person]:
    """Come to the server at `url` and open a page: "draw" or "photo"."""
    opening = connect(
        f"{url.replace('http', 'ws')}/_stcore/stream",
        subprotocols=["streamlit"],  # type: ignore[list-item]
        origin=url,  # type: ignore[arg-type]
        additional_headers={"Cookie": cookie} if cookie else None,
        max_size=None,
    )
    async with opening as connection:
        person = Person(url, connection, cookie)
        await person.open(page)
        yield person


async def come(
    people: int, one: Callable[[int], Coroutine[None, None, None]], counted: Callable[[], int]
) -> list[asyncio.Task[None]]:
    """Begin `one(number)` for each of `people`, a few at a time, until `counted()` has all of them, there or lost."""
    tasks: list[asyncio.Task[None]] = []
    for number in range(people):
        tasks.append(asyncio.create_task(one(number)))
        while counted() < len(tasks) - 3:
            await asyncio.sleep(0.01)
    while counted() < people:
        await asyncio.sleep(0.01)
    return tasks


async def draw_together(
    url: str, people: int, every: float, seconds: float, meter: Callable[[], float] = lambda: 0.0
) -> Crowd:
    """Let `people` draw for `seconds`, each about once in `every` seconds, after all of them have come."""
    crowd, drawings, start = Crowd(), questions(), asyncio.Event()
    arrived: list[int] = []

    async def one(number: int) -> None:
        pace = random.Random(number)
        try:
            async with visit(url, await asyncio.to_thread(cookie_of, url)) as person:
                arrived.append(number)
                await start.wait()
                until = perf_counter() + seconds
                await asyncio.sleep(pace.uniform(0, every))
                while perf_counter() < until:
                    asked = perf_counter()
                    crowd.wrong += not await person.draw(pace.choice(drawings))
                    took = perf_counter() - asked
                    crowd.took.append(took)
                    await asyncio.sleep(max(0.0, every * pace.uniform(0.8, 1.2) - took))
                crowd.received += person.received
        except (OSError, TimeoutError, EOFError) as error:
            crowd.lost += 1
            print(f"{number}: {error!r}")

    tasks = await come(people, one, lambda: len(arrived) + crowd.lost)
    before = meter()
    start.set()
    await asyncio.gather(*tasks)
    crowd.processor = meter() - before
    return crowd


def _upload(place: str, cookie: str, photo: bytes, name: str) -> None:
    """Put a file where the session's uploader keeps it, as a browser does."""
    head = f'--x\r\nContent-Disposition: form-data; name="photo"; filename="{name}"\r\n\r\n'.encode()
    token = dict(one.partition("=")[::2] for one in cookie.split("; "))["_streamlit_xsrf"]
    headers = {"Cookie": cookie, "X-Xsrftoken": token, "Content-Type": "multipart/form-data; boundary=x"}
    with urlopen(Request(place, head + photo + b"\r\n--x--\r\n", headers, method="PUT")):
        pass


def cookie_of(url: str) -> str:
    """Ask for what a browser is given first: the cookies, among them that of the replica."""
    with urlopen(f"{url}/_stcore/health") as answer:
        return "; ".join(one.split(";")[0] for one in answer.headers.get_all("Set-Cookie") or ())


def processor_seconds(process: int) -> float:
    """Say how much processor time a process has taken, its threads included; /proc is Linux'."""
    fields = Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def main() -> None:
    """Measure, and say it in a line."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--people", type=int, default=100)
    parser.add_argument("--every", type=float, default=3.0, help="seconds between two answers of one person")
    parser.add_argument("--seconds", type=float, default=60.0, help="that they draw, once all have come")
    parser.add_argument("--url", default="", help="of a server or proxy that runs already; else one is started")
    options = parser.parse_args()

    def measure(url: str, meter: Callable[[], float]) -> Crowd:
        return asyncio.run(draw_together(url, options.people, options.every, options.seconds, meter))

    if options.url:
        crowd = measure(options.url, lambda: 0.0)
    else:
        with served(APP) as server:
            crowd = measure(server.url, lambda: processor_seconds(server.process.pid))
            print(f"Most memory of the server: {server.peak_megabytes():.0f} MB.")
    print(crowd_sentence(crowd, options.people, options.seconds))


def crowd_sentence(crowd: Crowd, people: int, seconds: float) -> str:
    """Say what came of it."""
    if not crowd.took:
        return f"{people} people: no answer; {crowd.lost} lost."
    median, most = np.quantile(crowd.took, (0.5, 0.95)) * 1000
    told = f"{people} people, {len(crowd.took) / seconds:.1f} answers a second: median {median:.0f} ms, 95 % within "
    told += f"{most:.0f}; {crowd.wrong} to something else, {crowd.lost} people lost"
    spent = crowd.processor / len(crowd.took) * 1000
    return f"{told}; {spent:.1f} ms of processor time an answer." if spent else f"{told}."


if __name__ == "__main__":
    main()
