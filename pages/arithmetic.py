"""The sum behind any number of a network: pick a layer, a unit and a place."""

import streamlit as st

from ui import page
from ui.inspect import arithmetic_panel
from ui.selection import network_and_input
from ui.text.glossary import term

KEY = "arithmetic"

page.title("Convolution, step by step")
st.markdown(
    f"Every number in a network is a small sum. A {term('convolution')} lays a {term('kernel')}, a small grid of "
    f"{term('weight', 'weights')}, over each place and adds up. Pick a {term('layer')} and watch."
)
chosen = network_and_input.choose_network_and_input(KEY, abreast=True)
arithmetic_panel.show_arithmetic(chosen, KEY)
st.subheader("Try your own")
st.markdown("Your kernel on the same picture. Type into it, move the window, and see what comes out.")
arithmetic_panel.show_sandbox(chosen, f"{KEY}:sandbox")
st.subheader("What the two do")
arithmetic_panel.explain_layers()
