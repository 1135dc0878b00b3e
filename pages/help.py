"""Help: what people ask most, every key that does something, and whether this machine is well."""

import streamlit as st

from ui import health, lesson, questions, shell

shell.title("Help")
st.markdown("Something is broken? See [what was found on this machine](#health).")
st.header("What people ask most", anchor="questions", divider="gray")
questions.answer()
st.header("Keys", anchor="keys", divider="gray")
questions.keys()
st.header("Where to go", anchor="pages", divider="gray")
lesson.doors()
st.header("Is everything well here?", anchor="health", divider="gray")
health.show()
