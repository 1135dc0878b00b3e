"""Home: what a convolutional network is, in one minute, and where to go."""

import streamlit as st

from ui import shell

shell.title("See how convolutional networks see")
st.page_link("pages/draw.py", label="Draw a digit")
