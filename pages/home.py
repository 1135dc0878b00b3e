"""Home: what a convolutional network is, in one minute, and where to go."""

import streamlit as st

from ui import lesson, shell

shell.title("See how convolutional networks see")
st.markdown(
    "Draw a digit or bring a photo, watch famous networks answer, then follow it through any layer, down to one sum."
)
lesson.doors()
st.header("A convolutional network in one minute", anchor="minute")
lesson.story()
st.header("The five that answer here", anchor="five")
st.markdown(lesson.architectures("mnist"))
st.caption("Trained for this app. Right answers: on all 10,000 test digits of MNIST. All run on this machine.")
