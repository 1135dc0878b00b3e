"""One's own picture goes along: a strip under every result leads it from page to page, and marks where it has been."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Final

import streamlit as st

from cnn.inference.predict import Prediction, predict
from cnn.zoo import Network
from ui.components.drawing_canvas.drawing_canvas import Drawing
from ui.resources import network_cache
from ui.selection import drawing_address, network_picker, sample_digits
from ui.selection.address import COLUMN, INPUT, LAYER, ROW, UNIT
from ui.selection.input_picker import DIGITS, DRAWN, ChosenInput
from ui.selection.network_picker import NETWORK, NETWORKS

KEY: Final = "follow"  # of the strip; page.css lays it out
VISITED: Final = "follow:visited"  # in the session: pages that pictures were on, by the pictures' keys
PLACE: Final = "follow:place"  # in the session: a network's name, and which number of it was looked at
MOST_PICTURES: Final = 24  # whose steps are remembered; the newest stay
PICTURE_PX: Final = 40
DONE: Final = "\N{CHECK MARK}"


@dataclass(frozen=True, slots=True)
class FollowStep:
    """One page that a picture is shown on: its address, and what one finds out there."""

    page: str
    label: str


DRAW, PHOTO = FollowStep("draw", "What it is"), FollowStep("photo", "What it is")
ONWARDS: Final = (
    FollowStep("layers", "Layer by layer"),
    FollowStep("arithmetic", "One sum"),
    FollowStep("evidence", "Why"),
    FollowStep("lesion", "Switch parts off"),
    FollowStep("robustness", "Bend it"),
    FollowStep("compare", "Compare"),
)
LOOKING: Final = (  # of a network without a classifier
    *ONWARDS[:2],
    FollowStep("evidence", "What a channel looks for"),
)


def follow_steps(data: str, classifier: bool = True) -> tuple[FollowStep, ...]:
    """List the steps for a picture that networks of `data` look at, in their order; most need one that answers."""
    return (DRAW if data == DIGITS else PHOTO, *ONWARDS) if classifier else LOOKING


def show_follow_strip(
    here: str, networks: Sequence[Network], given: ChosenInput, answer: Prediction | None = None
) -> None:
    """Show the picture and its ways on: those taken marked, the next one in colour.

    Args:
        here: the page that this stands on, by its address.
        networks: that answer here; of several the one that was looked into last goes along.
        given: the picture.
        answer: of the only one of `networks`, where the page has asked it already.
    """
    network = _followed(networks)
    _remember_place(network.name)
    visited = _visit(given.key, here)
    steps = follow_steps(network.card.data, network.card.answers)
    following = _following(here, [step.page for step in steps], visited)
    own = _own_drawing(given)
    with st.container(key=KEY, border=True, horizontal=True, vertical_alignment="center", gap="small"):
        st.image(given.picture, width=PICTURE_PX)
        st.markdown(f"**Follow {_name(network, given, answer)}**", width="content")
        for step in steps:
            st.page_link(
                f"pages/{step.page}.py",
                label=_label(step, visited, following),
                query_params=step_query(step.page, network, given, own),
            )


def _followed(networks: Sequence[Network]) -> Network:
    kept = st.session_state.get(f"chosen {NETWORK}", f"{DIGITS}/{network_picker.architecture_from_address()}")
    by_name = {network.name: network for network in networks}
    return by_name.get(st.query_params.get(NETWORK, "")) or by_name.get(kept, networks[0])


def _visit(key: str, here: str) -> frozenset[str]:
    """Note that a picture was on a page; give all that it was on."""
    pictures: dict[str, frozenset[str]] = dict(st.session_state.get(VISITED, {}))
    visited = pictures.pop(key, frozenset[str]()) | {here}
    st.session_state[VISITED] = dict([*pictures.items(), (key, visited)][-MOST_PICTURES:])
    return visited


def _following(here: str, pages: Sequence[str], visited: Collection[str]) -> str:
    """Name the next page that the picture was not on yet, from here on, then from the start; "" where none is left."""
    at = pages.index(here)
    return next((page for page in (*pages[at:], *pages[:at]) if page not in visited), "")


def _name(network: Network, given: ChosenInput, answer: Prediction | None) -> str:
    """Call the picture what the network calls it, where that is a digit."""
    own = given.key.startswith(DRAWN)
    if network.card.data != DIGITS:
        return "this photo"
    prediction = answer or predict(network, given.image(network)[None])[0]
    what = network.card.classes[prediction.label] if prediction.in_distribution else "drawing"
    return f"{'your' if own else 'this'} {what}"


def _label(step: FollowStep, visited: frozenset[str], following: str) -> str:
    if step.page in visited:
        return f"{DONE} {step.label}"
    return f":primary[**{step.label} →**]" if step.page == following else step.label


def step_query(page: str, network: Network, given: ChosenInput, own: str) -> dict[str, str]:
    """Say in a page's address what goes along: the network, the picture, and the number that was looked at.

    `own` is one's own drawing as the address has it, or "".
    """
    data = network.card.data
    query = {NETWORK: network.name, INPUT: given.address}
    if own:
        query[drawing_address.DRAWING] = own
    match page:
        case "draw":  # a sample is drawn there
            drawn = own or _sample_drawings().get(given.title, "")
            return {network_picker.ARCHITECTURE: network.card.architecture, drawing_address.DRAWING: drawn}
        case "robustness":
            return {**query, "data": data}
        case "compare":
            return {**query, NETWORKS: ",".join(network_cache.available_network_names(data))}
    return {**query, **_place(network.name)}


def _own_drawing(given: ChosenInput) -> str:
    """Give one's own drawing as the address has it; "" for what is none, and in the middle of a first stroke.

    A page that a link with half a stroke leads to would take it for somebody else's drawing.
    """
    return st.query_params.get(drawing_address.DRAWING, "") if given.key.startswith(DRAWN) else ""


@cache
def _sample_drawings() -> Mapping[str, str]:
    drawings = ((title, Drawing(strokes)) for title, strokes in sample_digits.sample_digits())
    return {title: drawing_address.encode_drawing(drawing) for title, drawing in drawings}


def _remember_place(network: str) -> None:
    here = {name: st.query_params[name] for name in (LAYER, UNIT, ROW, COLUMN) if name in st.query_params}
    if here:
        st.session_state[PLACE] = network, here


def _place(network: str) -> Mapping[str, str]:
    """Name the number that was looked at last, if it was one of this network's."""
    of, place = st.session_state.get(PLACE, ("", {}))
    return place if of == network else {}
