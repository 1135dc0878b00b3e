"""Does it still know a seven that leans, a car in another colour? Bend the input and see who follows."""

import streamlit as st

from ui import page
from ui.compare import robustness_curves, robustness_one_input, robustness_sweep
from ui.guide import follow
from ui.resources import network_cache
from ui.selection import eyes_only, input_picker, own_networks
from ui.text.glossary import term

page.title("Robustness: how far can it bend?")
eyes_only.explain_link()
st.markdown(f"Change the picture: which networks still know it? That is their {term('robustness')}.")


@st.fragment
def study(kind: str) -> None:
    """Ask, compute, show; runs again with every choice."""
    networks = (*network_cache.cached_networks(kind), *own_networks.choose_own_networks(kind))
    if not networks:
        st.info("Choose one of your networks above.")
        return
    given = input_picker.choose_input(kind, f"robust {kind}")
    left, right = st.container(key="change-and-strength").columns(2, gap="large")
    with left:
        chosen = robustness_one_input.choose_perturbation(networks[0].runner.shape[-1] == 1)
    with right:
        much = robustness_one_input.choose_strength(chosen)
    robustness_one_input.show_perturbed_answers(networks, given, chosen, much)
    st.header("The whole range, played", anchor="sweep", divider="gray")
    robustness_sweep.show_sweep(networks, given, chosen, "robust sweep")
    follow.show_follow_strip("robustness", networks, given)
    st.header("Over a whole set", anchor="set", divider="gray")
    robustness_curves.show_accuracy_curves(kind, networks, chosen)


study(robustness_one_input.choose_data())
