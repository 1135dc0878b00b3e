"""One step of training with its numbers: the loss, a weight's gradient as a sum over places, the update."""

import streamlit as st

from ui import page
from ui.inspect import backpropagation_panel
from ui.selection import eyes_only, network_and_input
from ui.text.glossary import term

KEY = "backpropagation"

page.title("Backpropagation, step by step")
st.markdown(
    f"Training is sums, too. The {term('loss')} says how wrong an answer is; the {term('gradient')} of a "
    f"{term('weight')} says what nudging it would do to that, and adds up over every place where the weight is used. "
    "Say what the picture shows, pick a weight, take the step, and see the answer change."
)
chosen = network_and_input.choose_network_and_input(KEY, abreast=True)


@st.fragment
def study() -> None:
    """Ask, compute, show; runs again with every choice."""
    if eyes_only.answers_or_says_why(chosen.network.card, "no answer that could be wrong"):
        backpropagation_panel.show_step(chosen, KEY)


study()
