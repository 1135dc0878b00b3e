"""Why does it say so: what in the picture speaks for a class, and how far to trust that."""

import streamlit as st

from ui import page
from ui.components.download import download_button
from ui.guide import follow
from ui.inspect import (
    evidence_feature_visualization,
    evidence_heatmaps,
    evidence_nearest,
    evidence_nudge,
    evidence_sanity_checks,
    evidence_state,
)
from ui.inspect.evidence_state import ClassReason
from ui.selection import eyes_only, network_and_input
from ui.text.glossary import term

KEY = "evidence"

page.title("Evidence: why this answer?")
st.markdown(
    f"Click a {term('class')}: the places that speak for it light up, its {term('evidence')}. Then test "
    f"whether to believe that: its {term('faithfulness')}, and a {term('sanity check')}."
)


@st.fragment
def study() -> None:
    """Ask, compute, show; runs again with every choice."""
    given = network_and_input.choose_network_and_input(KEY, abreast=True)
    if not eyes_only.answers_or_says_why(given.network.card, "no class for which something could speak"):
        show_units(ClassReason(given, 0, ()))
        follow.show_follow_strip(KEY, [given.network], given.input)
        return
    said, seen = st.columns([2, 5], gap="large")
    with said:
        label = evidence_state.choose_class(given, f"{KEY}:bars")
    with seen.container(key="evidence-seen"):
        chosen = evidence_state.choose_methods(given, f"{KEY} methods")
        reason = ClassReason(given, label, chosen)
        if not chosen:
            st.info("Choose a method to see what speaks for the class.")
            return
        found = evidence_heatmaps.show_heatmaps(reason, f"{KEY}:maps")
        if found.maps:
            download_button("Download PNG", lambda: evidence_heatmaps.heatmaps_png(found), "evidence.png")
    follow.show_follow_strip(KEY, [given.network], given.input)
    st.header("Can you trust it?", anchor="trust", divider="gray")
    agreeing, forgetting = st.columns(2, gap="large")
    with agreeing:
        st.subheader("Do the methods agree?", anchor=False)
        evidence_sanity_checks.show_method_agreement(found)
    with forgetting:
        st.subheader("Sanity check with random weights", anchor=False)
        evidence_sanity_checks.show_weight_randomization(reason, f"{KEY}:shuffle")
    st.header("How little does it take to turn the answer?", anchor="nudge", divider="gray")
    st.markdown(f"A picture made to turn an answer is an {term('adversarial example')}. Make one of yours.")
    evidence_nudge.show_adversarial_nudge(reason, f"{KEY}:nudge")
    st.header("Which pictures are like this one?", anchor="nearest", divider="gray")
    evidence_nearest.show_nearest_pictures(reason, f"{KEY}:nearest")
    show_units(reason)


def show_units(reason: ClassReason) -> None:
    """Offer a picture of what a channel looks for; a network needs no answer for that."""
    st.header("Feature visualization: what does a channel look for?", anchor="units", divider="gray")
    evidence_feature_visualization.show_feature_visualization(reason, f"{KEY}:unit")


study()
