"""The sum behind any number of a network: pick a layer, a unit and a place."""

import streamlit as st

from ui import number_lab, shell, subject

KEY = "arithmetic"

shell.title("Arithmetic")
st.markdown("Every number in a network is a small sum. Pick a layer and watch how each of its numbers is made.")
chosen = subject.ask(KEY)
number_lab.show(chosen, KEY)
st.subheader("Try your own")
st.markdown("Your kernel on the same picture. Type into it, move the window, and see what comes out.")
number_lab.experiment(chosen, f"{KEY}:sandbox")
st.subheader("What the two do")
number_lab.explain()
