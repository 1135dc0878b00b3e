"""Compare networks: one input, what each costs, and how they do over a whole data set."""

import streamlit as st

from ui import costs, faceoff, inputs, rivals, shell, whole

KEY = "compare"

shell.title("Compare networks")
st.markdown("Show the same picture to several networks: what each answers, where it looked, and what that costs.")
networks = rivals.ask()


@st.fragment
def study() -> None:
    """Show one input to all; runs again with every choice."""
    given = inputs.ask(networks[0].card.data, KEY)
    faceoff.show(networks, given, f"{KEY}:lineup")


if networks:
    study()
    st.header("What they cost, and what they are worth", anchor="costs", divider="gray")
    costs.show(networks, f"{KEY}:costs")
    st.header("Over a whole set of pictures", anchor="set", divider="gray")
    whole.show(networks, f"{KEY}:whole")
