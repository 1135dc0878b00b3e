"""Home: a digit draws itself and five networks answer; below, a network in one minute, and where to go."""

import streamlit as st

from ui import page
from ui.guide import home, home_demo, tour

page.title("ConvScope")


@st.fragment
def watch() -> None:
    """Ask, compute, show; runs again with every stroke."""
    with st.container(key="hero"):
        st.markdown("Draw a digit. Five neural networks say what it is while you draw, and show you how they know.")
        paper, screen = st.columns([5, 7], gap="large")
        with paper:
            reading = home_demo.draw_or_watch()
        with screen:
            home_demo.show_answers(reading)
        home_demo.follow()
        home_demo.show_first_layer(reading)


watch()
tour.show_way_in()
home.show_page_links()
st.header("A convolutional network in one minute", anchor="minute")
home.show_story()
st.header("The five that answer here", anchor="five")
st.markdown(home.architecture_list("mnist"))
st.caption(
    "Trained for this app. Accuracy is the share of right answers, here on all 10,000 test digits of MNIST. "
    "All run on this machine."
)
