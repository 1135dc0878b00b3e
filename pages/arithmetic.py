"""The sum behind any number of a network: pick a layer, a unit and a place."""

import streamlit as st

from ui import number_lab, shell, subject

KEY = "arithmetic"

shell.title("Arithmetic")
st.markdown("Every number in a network is a small sum. Pick a layer and watch how each of its numbers is made.")
number_lab.show(subject.ask(KEY), KEY)
