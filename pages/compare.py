"""Compare networks: one input, what each costs, and how they do over a whole data set."""

import streamlit as st

from ui import page
from ui.compare import cost_table, dataset_run, side_by_side
from ui.guide import follow
from ui.selection import eyes_only, input_picker, network_set_picker
from ui.text.glossary import term

KEY = "compare"

page.title("Compare networks")
eyes_only.explain_link()
st.markdown(
    f"Show the same picture to several {term('network', 'networks')}: what each answers, where it looked, its "
    f"{term('accuracy')}, and what that costs."
)
networks = network_set_picker.choose_network_set()


@st.fragment
def study() -> None:
    """Show one input to all; runs again with every choice."""
    given = input_picker.choose_input(networks[0].card.data, KEY)
    side_by_side.show_side_by_side(networks, given, f"{KEY}:lineup")
    follow.show_follow_strip(KEY, networks, given)


if networks:
    study()
    st.header("What they cost, and what they are worth", anchor="costs", divider="gray")
    cost_table.show_costs(networks, f"{KEY}:costs")
    st.header("Over a whole set of pictures", anchor="set", divider="gray")
    dataset_run.show_dataset_run(networks, f"{KEY}:whole")
