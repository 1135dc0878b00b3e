"""The sum behind any number of a network: pick a layer, a unit and a place."""

import streamlit as st

from ui import page
from ui.guide import follow
from ui.inspect import arithmetic_panel
from ui.selection import network_and_input
from ui.text.glossary import term

KEY = "arithmetic"

page.title("Convolution, step by step")
st.markdown(
    f"A {term('convolution')} lays a {term('kernel')}, a small grid of {term('weight', 'weights')}, over each place "
    f"of a {term('layer')} and adds up."
)
chosen = network_and_input.choose_network_and_input(KEY, abreast=True)


@st.fragment
def study() -> None:
    """Show the sum; runs again with every choice of a number."""
    arithmetic_panel.show_arithmetic(chosen, KEY)
    follow.show_follow_strip(KEY, [chosen.network], chosen.input)


study()
st.subheader("Try your own")
st.markdown("Your kernel on the same picture. Type into it, move the window, and see what comes out.")
arithmetic_panel.show_sandbox(chosen, f"{KEY}:sandbox")
st.subheader("What the two do")
arithmetic_panel.explain_layers()
