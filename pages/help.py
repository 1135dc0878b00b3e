"""Help: what people ask most, every key that does something, and whether this machine is well."""

import streamlit as st

from ui import page
from ui.guide import doctor_report, help, home

page.title("Help")
st.markdown("Something is broken? See [what was found on this machine](#health).")
st.header("What people ask most", anchor="questions", divider="gray")
help.answer()
st.header("Keys", anchor="keys", divider="gray")
help.keys()
st.header("Where to go", anchor="pages", divider="gray")
home.doors()
st.header("Is everything well here?", anchor="health", divider="gray")
doctor_report.show()
