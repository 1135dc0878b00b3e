"""The story of each architecture: what it was, what it cost, and what of it answers here."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Final

import streamlit as st

from cnn import graph, zoo
from cnn.case_studies import graph_to_table
from cnn.case_studies.architecture_table import ArchitectureTable
from cnn.case_studies.milestones import DATA_SET_STORIES, MILESTONES, Milestone
from cnn.case_studies.paper_networks import PAPER_TABLES
from cnn.paths import ROOT
from ui.components.architecture_diagram import architecture_diagram
from ui.components.milestones.milestones import TimelineMilestone
from ui.images import flags
from ui.resources import network_cache
from ui.text import numbers
from ui.text.training_protocol import protocol_sentence

DATA: Final = "mnist"  # our small forms
PHOTO_DATA: Final = "cifar10"
FIRST: Final = "lenet"
PAGES: Final = ROOT / "pages"
DOORS: Final[
    tuple[tuple[str, str, dict[str, str]], ...]
] = (  # page, what one does there, what its address takes: of the data set and the architecture
    ("draw.py", "Let it read a digit of yours", {"architecture": "{name}"}),
    ("layers.py", "Look inside: its layers, kernels and maps", {"network": "{data}/{name}"}),
    ("compare.py", "Compare it with the others", {}),
)
FULL_SIZE: Final[Mapping[str, tuple[str, str]]] = {  # the network that is here at full size, and what to see of it
    "alexnet": ("imagenet/alexnet_features", "At full size: its 64 kernels of 11x11, in colour"),
    "vgg": ("imagenet/vgg16_features", "At full size: its thirteen convolutions"),
    "resnet": ("imagenet/resnet50", "At full size: ResNet-50 and its 1,000 classes"),
}


def choose_milestone() -> tuple[TimelineMilestone, ...]:
    """Put the architectures on a line of time."""
    return tuple(
        TimelineMilestone(
            name, one.year, one.title.split(" (")[0], _people(one), flags.flag_uri(one.place.code), one.place.country
        )
        for name, one in MILESTONES.items()
    )


def _people(one: Milestone) -> str:
    first, *others = (name.split()[-1] for name in one.people.split(", "))
    return f"{first} and others" if others[1:] else f"{first} and {others[0]}"


def tell_story(name: str) -> None:
    """Tell the story of one architecture: facts, idea, costs, and what is often told wrongly."""
    one = MILESTONES[name]
    said, cost = st.columns([3, 2], gap="large")
    with said:
        st.subheader(f"{one.title}, {one.year}", anchor="story")
        st.markdown(f"**{one.idea}** {one.how}")
        st.markdown(milestone_facts(one))
    with cost:
        st.markdown(cost_markdown(name))
        st.caption(f"Published figures: {one.cost_source}. Ours: counted in the shipped network.")
        for page, label, query in page_links(name):
            st.page_link(page, label=f":primary[{label}]", query_params=query)
    st.info(f"**Often told otherwise.** {one.corrected}")


def milestone_facts(one: Milestone) -> str:
    """List who, where, how it is said, what it won and took, and what to read, in Markdown."""
    places = f"{one.place.laboratory}, {one.place.town}, {one.place.country}"
    places += f" ({one.place.elsewhere})" if one.place.elsewhere else ""
    said = "; ".join(f"{word.name}: *{word.plain}* {word.ipa}" for word in one.said)
    rows = {
        "People": one.people,
        "Where": places,
        "Say": said,
        "Won": one.won,
        "Took": one.effort,
        "Read": f"[{one.paper}]({one.link})",
    }
    return "\n".join(f"- **{word}** {text}" for word, text in rows.items())


def cost_markdown(name: str) -> str:
    """Hold the paper's network against our small form, in a Markdown table."""
    one, card = MILESTONES[name], network_cache.cached_card(f"{DATA}/{name}")
    full, small = PAPER_TABLES[name]()[0].shape, small_network_rows(name)[0].shape
    rows = (
        ("pixels", f"{full[0]}x{full[1]}", f"{small[0]}x{small[1]}"),
        ("parameters", one.parameters, f"{card.parameters:,}"),
        ("multiply-adds", one.multiply_adds, numbers.large_number(card.multiply_adds)),
        ("accuracy", one.right, f"{card.accuracy * 100:.2f} % of MNIST"),
    )
    lines = [f"| {' | '.join(row)} |" for row in rows]
    return "\n".join([f"| | the paper's | {card.title} here |", "|---|---|---|", *lines])


def page_links(name: str) -> Iterator[tuple[str, str, dict[str, str]]]:
    """List the pages that go on from here: those that there are."""
    for file, label, query in DOORS:
        if (PAGES / file).exists():
            yield f"pages/{file}", label, {key: text.format(name=name, data=DATA) for key, text in query.items()}
    network, label = FULL_SIZE.get(name, ("", ""))
    if network in zoo.network_names() and (PAGES / "layers.py").exists():  # the small image leaves them out
        yield "pages/layers.py", label, {"network": network}


def show_diagrams(name: str) -> None:
    """Draw the paper's network and our small form side by side."""
    st.header("As in the paper, and as it answers here", anchor="diagrams", divider="gray")
    st.caption(
        "Each box is as high as its maps are wide, and as deep as there are maps. The line below a row shows where "
        "the parameters are."
    )
    full, small = st.columns(2, gap="large")
    with full:
        architecture_diagram.render_architecture_diagram(MILESTONES[name].full, PAPER_TABLES[name](), "full")
    with small:
        card = network_cache.cached_card(f"{DATA}/{name}")
        architecture_diagram.render_architecture_diagram(
            f"{card.title} for digits, as shipped here", small_network_rows(name), "small"
        )


@st.cache_data(max_entries=16, show_spinner=False)
def small_network_rows(name: str) -> ArchitectureTable:
    """Read the rows of our small form."""
    return graph_to_table.tabulate_graph(graph.read_graph(zoo.NETWORKS_FOLDER / DATA / f"{name}.layers.json")[0])


def training_note() -> None:
    """Say how those were trained that are compared on photos."""
    names = network_cache.public_network_names(PHOTO_DATA)
    if said := protocol_sentence([network_cache.cached_card(name) for name in names]):
        st.caption(f"For photos there are small forms too, of {len(names)} networks, on CIFAR-10. {said}")


def dataset_credits() -> None:
    """Say who collected the pictures that these networks learned from."""
    st.header("What they learned from", anchor="collections", divider="gray")
    lines = (f"- **{one.title}** ({one.year}), collected by {one.people}: {one.content}." for one in DATA_SET_STORIES)
    st.markdown("\n".join(lines))
    cards = map(network_cache.cached_card, network_cache.inspectable_network_names("imagenet"))
    st.markdown("The networks at full size, whose weights others trained:")
    st.markdown("\n".join(f"- **{card.title}**. {card.licence}." for card in cards if not card.own))
