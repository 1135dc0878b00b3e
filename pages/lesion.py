"""Ablation: switch channels of a layer off, and see what the answer and the accuracy lose."""

import streamlit as st

from cnn.graph import Layer
from ui import page
from ui.components.download import download_button
from ui.components.paired_bars import paired_bars
from ui.components.unit_switches import unit_switches
from ui.guide import follow
from ui.inspect import lesion_data, lesion_measure
from ui.selection import eyes_only, network_and_input
from ui.text import layer_text
from ui.text.glossary import term

KEY = "lesion"

page.title("Ablation: switch channels off")
st.markdown(
    f"What does a network need a {term('channel')} for? {term('ablation', 'Ablation')} finds out: click maps to switch "
    "them off. They become 0, and everything after them is computed anew. The network itself is never changed."
)
ask, look = st.columns([1, 3], gap="large")
with ask:
    chosen = network_and_input.choose_network_and_input(KEY)
with look:
    if not eyes_only.answers_or_says_why(chosen.network.card, "no answer to lose"):
        st.stop()
    if not lesion_data.can_ablate_or_says_why(chosen.network):
        st.stop()
with ask:
    layer = lesion_measure.choose_ablation_layer(chosen)


@st.fragment
def study(chosen: network_and_input.NetworkAndInput, layer: Layer) -> None:
    """Compute and show; runs again with every switch."""
    said = st.container()
    units, answer = st.columns([3, 2], gap="large")
    with units:
        off = unit_switches.render_unit_switches(
            lesion_data.switches_view(chosen, layer.name),
            lesion_measure.units_off_from_address(layer),
            f"{KEY}:switches",
        )
    found = lesion_data.predict_ablated(chosen, layer.name, off)
    told = lesion_data.ablation_sentence(found, layer, off)
    said.markdown(told)
    with answer:
        bars = lesion_data.outcome_bars(found)
        paired_bars.render_paired_bars(
            bars, "Confidence", ("intact", f"with {layer_text.channel_word(layer)}s off"), f"{KEY}:answer", told
        )
        download_button(
            "Download PNG", lambda: lesion_data.ablation_figure(chosen, layer, off, found), f"{layer.name}-ablation.png"
        )
        lesion_measure.show_fewest_units(chosen, layer, found, f"{KEY}:switches")
    lesion_measure.remember_units_off(layer, off)
    follow.show_follow_strip(KEY, [chosen.network], chosen.input)
    many, each = st.columns(2, gap="large")
    with many:
        st.subheader("What it costs on other pictures", anchor="accuracy")
        lesion_measure.show_ablation_accuracy(chosen.network, layer, off)
    with each:
        st.subheader(f"Which {layer_text.channel_word(layer)} matters most", anchor="ranking")
        lesion_measure.show_unit_ranking(chosen, layer, found)


with look:
    study(chosen, layer)
