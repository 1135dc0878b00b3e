"""Offer a network to take home, show how its making goes on, and hand over the zip."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from functools import partial
from pathlib import Path
from typing import Final

import streamlit as st

from cnn.bundle import client
from ui.resources.background_job import BackgroundJob, BackgroundJobs, Came, show_progress
from ui.resources.poll import poll_until
from ui.resources.waiting_line import WaitingLine
from ui.text.verbatim import verbatim

EVERY_S: Final = 1  # between two looks at what goes on
EXPECTED_S: Final = 60.0
OFFER: Final = (
    "One zip: the network as Keras, LiteRT and ONNX file, each with the preprocessing inside, a short Python script, "
    "and a web page that works from a USB stick. Each format first answers 64 pictures; if one differs from what the "
    "pages here answer, nothing is handed over."
)
FAILED: Final = "{title} could not be exported ({error!r}). Try again."


class Exports:
    """The exports of this server, one after the other: each takes a process with TensorFlow."""

    def __init__(self) -> None:
        """Begin with none."""
        line = WaitingLine(ThreadPoolExecutor(1, "export").submit, most_begun=1)
        self.jobs: BackgroundJobs[Path] = BackgroundJobs(line)
        self.words: dict[str, str] = {}  # what is being done, by the name of the network

    def start(self, name: str, title: str) -> None:
        """Export a network, unless that goes on already; a zip that has gone is made again."""
        before = self.jobs.last(name)
        if before is not None and before.result is not None:
            self.jobs.forget(name)
        self.jobs.start(name, title, partial(self._export, name), FAILED, EXPECTED_S)

    def _export(self, name: str, came: Came, stopped: client.Stopped) -> Path:
        def on_step(done: int, of: int, words: str) -> None:
            self.words[name] = words
            came(done, of)

        return client.export_for_page(name, on_step, stopped)

    def text(self, name: str, work: BackgroundJob[Path]) -> str:
        """Say what one waits for."""
        if work.stop.is_set():
            return "Stopping"
        done, of = work.counts
        if not of:
            return work.text if work.standing.place else "Loading TensorFlow, in a process of its own"
        return f"{self.words.get(name, '')}: step {done + 1} of {of}"


@st.cache_resource(show_spinner=False)
def exports() -> Exports:
    """Give the exports of this server."""
    return Exports()


def offer_export(name: str, title: str) -> None:
    """Offer a network to take home, or show how its making goes on, or the zip.

    Args:
        name: such as "mnist/lenet" or "own/3f2a9c01".
        title: what people call it.
    """
    work = exports().jobs.last(name)
    found = work.snapshot() if work else None
    if work is not None and found is not None and not found.ended:
        poll_until(
            lambda: work.over, lambda: show_progress(work, exports().text(name, work), f"export {name}"), EVERY_S
        )
        return
    if found and found.failure:
        st.warning(verbatim(found.failure))
    if found and found.result is not None and found.result.exists():
        _hand_over(found.result, name)
        return
    st.caption(OFFER)
    st.button(
        "Make the zip",
        on_click=exports().start,
        args=(name, verbatim(title)),
        key=f"take home {name}",
        type="primary",
    )


def _hand_over(packed: Path, name: str) -> None:
    """Say what the proof came to, and offer the zip."""
    card = client.read_card(packed)
    for one in card["proof"]:
        st.markdown(
            f"- `{one['file']}`, {one['bytes'] / 2**20:.1f} MB: answered {one['pictures']} pictures as the pages here "
            f"do; largest difference {one['largest_difference']:.0e}."
        )
    for why in card["missing"].values():
        st.warning(verbatim(why))
    st.download_button(
        f"Download the zip ({packed.stat().st_size / 2**20:.1f} MB)",
        packed.read_bytes,
        packed.name,
        "application/zip",
        on_click="ignore",
        key=f"zip {name}",
        type="primary",
    )
