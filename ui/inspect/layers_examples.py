"""Real pictures that excite the chosen unit most and least: looked for once a network, behind the page, and kept."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Mapping, Sequence
from contextlib import suppress
from functools import partial
from pathlib import Path
from typing import Any, Final, TypeVar

import streamlit as st

from cnn.graph import INPUT_KIND
from cnn.layers import dataset_examples
from cnn.layers.activations import InspectableNetwork
from cnn.layers.dataset_examples import DatasetExamples
from cnn.zoo import Network, pretrained
from ui.components.dataset_examples.dataset_examples import render_dataset_examples
from ui.inspect import layers_example_patches, layers_example_pictures
from ui.inspect.layers_example_pictures import ExamplePictures
from ui.resources import measurements, network_cache
from ui.resources.background_job import BackgroundJob, BackgroundJobs, Came, watch_job
from ui.resources.photos import MediaFile
from ui.selection import photo_upload
from ui.selection.network_and_input import NetworkAndInput

KEPT_NETWORKS: Final = 8  # of which the examples stay in memory: 0.1 to 1 MB each, 14 MB of ResNet-50
FOLDER: Final = "examples"  # beside the fetched networks
MOST_OWN: Final = 8  # results in people's own photos, with the photos as the network sees them: at most 18 MB each
LOOKED, OWN = "layers:examples", "layers:own examples"  # in the session: what it asked for last

T = TypeVar("T")
OwnExamples = tuple[ExamplePictures, DatasetExamples]


def show_examples(subject: NetworkAndInput, layer: str, view: Mapping[str, Any], unit: int, key: str) -> None:
    """Show a unit's examples; where none are known of its network, look for them, and show how far that is.

    Args:
        subject: the network; the input does not matter.
        layer: name of one.
        view: of that layer, from `ui.inspect.layers_data.layer_view`: what its places see.
        unit: of that layer.
        key: of the widgets, unique on the page.
    """
    network, opened = subject.network, network_cache.opened_network(subject.network.name)
    if opened.graph.layer(layer).kind == INPUT_KIND:
        st.caption("These are the pictures themselves. Choose a layer that reads them.")
        return
    pictures = layers_example_pictures.example_pictures(network)
    found = _found(_shipped_job(network, opened, pictures), partial(_start_shipped, network, opened, pictures), key)
    if found is None:
        return
    sets = [pictures]
    if pictures.photos and (own := _own_examples(network, opened, key)) is not None:
        sets.append(own[0])
        found = dataset_examples.merge_examples(found, own[1])
    patches = layers_example_patches.unit_patches(opened.graph, sets, found, layer, view, unit)
    render_dataset_examples(f"{network.name} {layer} {unit} {found.count}", patches, key)


def _found(work: BackgroundJob[T], again: Callable[[], None], key: str) -> T | None:
    """Give what was found; else show how far it is, or why there is nothing and how to look again."""
    outcome = work.snapshot()
    if outcome.result is None and outcome.ended:
        st.warning(work.error) if work.error else st.caption("The looking was stopped.")
        st.button("Look again", on_click=again, key=f"{key} again")
    elif outcome.result is None:
        watch_job(work, key)
    return outcome.result


@st.cache_resource(show_spinner=False)
def example_jobs() -> BackgroundJobs[DatasetExamples]:
    """Give the looking of this server, in pictures that come with the app; it takes turns with all that is measured."""
    return measurements.measurement_jobs(KEPT_NETWORKS)


def _shipped_job(
    network: Network, opened: InspectableNetwork, pictures: ExamplePictures
) -> BackgroundJob[DatasetExamples]:
    """Give the work on the pictures that come with the app, begun with the first look; who stops it begins it again."""
    name = job_name(network)
    anew = st.session_state.get(LOOKED) != name
    st.session_state[LOOKED] = name
    work = example_jobs().last(name)
    if work is None or (anew and work.result is None):
        _start_shipped(network, opened, pictures)
        work = example_jobs().last(name)
    assert work is not None  # the newest is never dropped
    return work


def _start_shipped(network: Network, opened: InspectableNetwork, pictures: ExamplePictures) -> None:
    path = pretrained.pretrained_folder() / FOLDER / f"{network.name.replace('/', '-')}-{network.card.sha256[:16]}.npz"
    look = partial(_look_and_keep, opened, pictures, path)
    example_jobs().start(job_name(network), f"Looking through {pictures.title}", look)


def job_name(network: Network) -> tuple[str, str]:
    """Name the looking with a network in `example_jobs`: with other weights it is another one."""
    return network.name, network.card.sha256


def _look_and_keep(
    opened: InspectableNetwork, pictures: ExamplePictures, path: Path, came: Came, stopped: Callable[[], bool]
) -> DatasetExamples:
    """Read what was found before, on this machine; else look, and keep it. On a thread of its own."""
    kept = dataset_examples.read_examples(path, opened.graph)
    if kept is not None and kept.count == len(pictures.images):
        return kept
    found = dataset_examples.find_dataset_examples(opened, pictures.images, came, stopped)
    with suppress(OSError):  # no room, or no leave to write: it is looked for anew next time
        dataset_examples.write_examples(path, found)
    return found


@st.cache_resource(show_spinner=False)
def own_jobs() -> BackgroundJobs[OwnExamples]:
    """Give the looking in people's own photos: what was found goes with the last visit that asked for it."""
    return measurements.measurement_jobs(MOST_OWN, "nothing")


def _own_examples(network: Network, opened: InspectableNetwork, key: str) -> OwnExamples | None:
    """Offer to look in a person's own photos, too, and give what was found."""
    brought = photo_upload.keep_photos(())
    name = (network.name, tuple(one.key for one in brought))
    start = partial(_start_own, network, opened, brought, name)
    if st.session_state.get(OWN) == name and (work := own_jobs().last(name)) is not None:
        return _found(work, start, f"{key} own")
    if brought:
        label = f"Look in your {len(brought)} photos, too" if len(brought) > 1 else "Look in your photo, too"
        st.button(label, on_click=start, key=f"{key} own")
    return None


def _start_own(network: Network, opened: InspectableNetwork, brought: Sequence[MediaFile], name: Hashable) -> None:
    pictures = layers_example_pictures.own_pictures(network, brought)
    own_jobs().start(name, f"Looking through {pictures.title}", partial(_look_in_own, opened, pictures))
    st.session_state[OWN] = name


def _look_in_own(
    opened: InspectableNetwork, pictures: ExamplePictures, came: Came, stopped: Callable[[], bool]
) -> OwnExamples:
    return pictures, dataset_examples.find_dataset_examples(opened, pictures.images, came, stopped)
