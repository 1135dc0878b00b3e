"""A class: everyone predicts on a phone, then the network speaks. No accounts, no names, nothing kept."""

import streamlit as st

from ui import page
from ui.classroom import door, pupil, seats, teacher

page.title("Class: predict, then see")
code, key = seats.room_from_address(), seats.key_from_address()
if not code:
    st.markdown(
        "The teacher shows a picture; everyone predicts on a phone what a network makes of it; then it speaks. "
        "No accounts, no names; nothing is kept."
    )
    door.show_door()
    door.show_projector()
elif key and seats.leads(code, key):
    teacher.lead(code, key)
else:
    pupil.take_part(code)
