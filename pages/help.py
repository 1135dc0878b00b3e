"""Help: what people ask most, what the words mean, every key that does something, and whether this machine is well."""

import streamlit as st

from ui import page
from ui.guide import doctor_report, help, home, tour

page.title("Help")
st.markdown("Something is broken? See [what was found on this machine](#health).")
st.header("What people ask most", anchor="questions", divider="gray")
help.show_questions()
st.header("Keys", anchor="keys", divider="gray")
help.show_keys()
st.header("Where to go", anchor="pages", divider="gray")
tour.show_way_in()
home.show_page_links()
st.header("The words", anchor="words", divider="gray")
help.show_glossary()
st.header("Is everything well here?", anchor="health", divider="gray")
doctor_report.show_doctor_report()
