"""Home: what a convolutional network is, in one minute, and where to go."""

import streamlit as st

from ui import page
from ui.guide import home

page.title("See how convolutional networks see")
st.markdown(
    "Draw a digit or bring a photo, watch famous networks answer, then follow it through any layer, down to one sum."
)
home.show_page_links()
st.header("A convolutional network in one minute", anchor="minute")
home.show_story()
st.header("The five that answer here", anchor="five")
st.markdown(home.architecture_list("mnist"))
st.caption("Trained for this app. Right answers: on all 10,000 test digits of MNIST. All run on this machine.")
