"""The Lesion lab: switch units of a layer off, and see what the answer and the accuracy lose."""

import streamlit as st

from cnn.graph import Layer
from ui import page
from ui.components.download import download_button
from ui.components.paired_bars import paired_bars
from ui.components.unit_switches import unit_switches
from ui.inspect import lesion_data, lesion_measure
from ui.selection import network_and_input

KEY = "lesion"

page.title("Lesion lab")
st.markdown(
    "What does the network need a unit for? Click maps to switch them off: they become 0, and everything after them "
    "is computed anew. The network itself is never changed."
)
ask, look = st.columns([1, 3], gap="large")
with ask:
    chosen = network_and_input.ask(KEY)
    layer = lesion_measure.layer(chosen)


@st.fragment
def study(chosen: network_and_input.Subject, layer: Layer) -> None:
    """Compute and show; runs again with every switch."""
    said = st.container()
    units, answer = st.columns([3, 2], gap="large")
    with units:
        off = unit_switches.switches(
            lesion_data.view(chosen, layer.name), lesion_measure.asked(layer), f"{KEY}:switches"
        )
    found = lesion_data.outcome(chosen, layer.name, off)
    told = lesion_data.sentence(found, layer, off)
    said.markdown(told)
    with answer:
        bars = lesion_data.rows(found)
        paired_bars.contrast(bars, "How sure it is", ("intact", "with units off"), f"{KEY}:answer", told)
        download_button(
            "Keep as PNG", lambda: lesion_data.picture(chosen, layer, off, found), f"{layer.name}-lesion.png"
        )
    lesion_measure.remember(layer, off)
    many, each = st.columns(2, gap="large")
    with many:
        st.subheader("What it costs on other pictures", anchor="accuracy")
        lesion_measure.accuracy(chosen.network, layer, off)
    with each:
        st.subheader("Which unit matters most", anchor="ranking")
        lesion_measure.ranking(chosen, layer, found)


with look:
    study(chosen, layer)
