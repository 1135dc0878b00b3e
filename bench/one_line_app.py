"""The least that a Streamlit app can be: what ours is measured against."""

import streamlit as st

st.write("Hello")
