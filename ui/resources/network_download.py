"""Offer a network that is not on this machine yet, and show how its fetching goes on."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from threading import Thread
from typing import Final

import streamlit as st

from cnn.zoo import fetch, pretrained
from cnn.zoo.download import INSTEAD
from cnn.zoo.pretrained import SHIPPED_IMAGENET_NETWORK
from ui.resources import network_cache
from ui.resources.background_job import BackgroundJob, BackgroundJobs, show_progress
from ui.resources.poll import poll_until

EVERY_S: Final = 1  # between two looks at what goes on
MB: Final = 2**20


@st.cache_resource(show_spinner=False)
def downloads() -> BackgroundJobs[None]:
    """Give the networks on their way to this server, each on a thread of its own that ends with it."""
    return BackgroundJobs(lambda run: Thread(target=run, name="fetch", daemon=True).start(), outlasts="work")


def start_download(name: str) -> None:
    """Fetch `name`, unless that goes on already."""
    failed = "{title} could not be fetched ({error!r}). Try again. " + INSTEAD
    downloads().start(name, pretrained.PRETRAINED[name].title, partial(fetch.fetch_network, name), failed)


def missing_networks() -> dict[str, str]:
    """List networks that can be fetched: names, and what a picker calls them."""
    there = pretrained.fetched_networks()
    return {
        name: f"{source.title}, {source.megabytes} MB to fetch"
        for name, source in pretrained.PRETRAINED.items()
        if name not in there
    }


def offer_download(name: str, use: Callable[[str], None]) -> bool:
    """Say whether a network is there; where it is not, offer to fetch it, or show how that goes on.

    Args:
        name: such as "imagenet/vgg16"; a shipped network is always there.
        use: chooses another network, for those who will not or cannot fetch.
    """
    if name not in missing_networks():
        return True
    work = downloads().last(name)
    found = work.snapshot() if work else None
    if work is not None and found is not None and not found.ended:
        poll_until(lambda: work.over, lambda: show_progress(work, download_text(work), f"cancel {name}"), EVERY_S)
    else:
        _ask(name, found.failure if found else "", use)
    return False


def _ask(name: str, why: str, use: Callable[[str], None]) -> None:
    """Say how large it is, and let the person decide."""
    source = pretrained.PRETRAINED[name]
    if why:
        st.warning(why)
    disk = source.bytes * (1 + fetch.KEPT) / 2**30
    st.info(
        f"{source.title} is not on this machine yet. {source.megabytes} MB are fetched once and kept; converting them "
        f"takes a minute or two, {disk:.1f} GB of disk and {source.memory_gb} GB of memory. {INSTEAD}"
    )
    with st.container(horizontal=True):
        st.button(
            f"Fetch {source.title} ({source.megabytes} MB)",
            type="primary",
            on_click=start_download,
            args=(name,),
            key=f"fetch {name}",
        )
        st.button(
            f"Use {network_cache.cached_card(SHIPPED_IMAGENET_NETWORK).title}",
            on_click=use,
            args=(SHIPPED_IMAGENET_NETWORK,),
            key=f"instead of {name}",
        )


def download_text(work: BackgroundJob[None]) -> str:
    """Say how far a download is."""
    if work.stop.is_set():
        return f"Stopping {work.title}"
    done, total = work.counts
    if not total:
        return f"Asking for {work.title}"
    if done >= total:
        return f"Checking and converting {work.title}: a minute or two"
    seconds = work.seconds_left
    left = f", {_about(seconds)} left" if seconds else ""
    return f"Fetching {work.title}: {done // MB} of {total // MB} MB{left}"


def _about(seconds: float) -> str:
    return f"about {round(seconds / 60)} min" if seconds >= 90 else f"about {max(1, round(seconds))} s"
