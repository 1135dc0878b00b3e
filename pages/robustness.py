"""Does it still know a seven that leans, a car in another colour? Bend the input and see who follows."""

import streamlit as st

from ui import bend, cache, inputs, robust_curves, shell

shell.title("How far can you bend it?")
st.markdown(
    "A person knows a car in any colour and from any side. Change the picture, and see which networks still do."
)


@st.fragment
def study(kind: str) -> None:
    """Ask, compute, show; runs again with every choice."""
    networks = cache.networks(kind)
    given = inputs.ask(kind, f"robust {kind}")
    left, right = st.columns(2, gap="large")
    with left:
        chosen = bend.change(kind == inputs.DIGITS)
    with right:
        much = bend.strength(chosen)
    bend.follow(networks, given, chosen, much)
    st.header("Over a whole set", anchor="set", divider="gray")
    robust_curves.over_a_set(kind, networks, chosen)


study(bend.data())
