"""Teach a network classes of one's own: bring pictures, see how good it is, make a network of it."""

import streamlit as st

from cnn.errors import ConvScopeError
from ui import page
from ui.resources.poll import poll_until
from ui.teach import (
    bring_pictures,
    class_list,
    first_visit,
    keep_taught,
    learning,
    lesson_words,
    results,
    taking_in,
    try_it,
    whose,
)
from ui.text.verbatim import verbatim

page.title("Teach your own classes")
st.markdown(
    "Show pictures of each thing that you want told apart: it learns them in seconds, and says how good it is. "
    + whose.where_they_stay()
)
person = whose.whose()
try:
    collection = whose.open_collection(person)
except ConvScopeError as error:
    st.error(str(error))
    st.stop()
classes = collection.classes()
work = taking_in.intake_under_way(person)
bring, look = st.columns([2, 3], gap="large")
with bring:
    pictures = st.container()
    trunk = learning.choose_trunk()
    with pictures:
        if not classes and work is None:
            st.info(lesson_words.BEGIN)
        bring_pictures.bring_pictures(person, collection, trunk)
        class_list.show_classes(collection, classes)
    if classes:
        with st.popover("Delete everything"):
            st.markdown("All classes and pictures of this page go from the disk. Networks on your shelf stay.")
            st.button("Delete it all", on_click=collection.delete_everything, key="teach delete all")
with look:
    if work is not None:
        poll_until(work.ended.is_set, lambda: taking_in.show_under_way(work, collection, trunk), 1.0)
    elif wrong := taking_in.last_error(person):
        st.warning(verbatim(wrong))
    lesson = None if work is not None else learning.learn(collection, trunk)
    if work is None and collection.unseen(trunk):
        taking_in.look_button(person, collection, trunk)
    if work is None and not classes:
        first_visit.show_first_visit(person, collection, trunk)
    elif lesson is None and work is None:
        st.info(lesson_words.what_is_missing({one.name: one.pictures for one in classes}))
    if lesson is not None:
        results.show_results(person, collection, classes, lesson)
        st.subheader("Try it", anchor=False)
        try_it.try_it(lesson.taught)
        try_it.try_live(lesson.taught)
        st.subheader("Make it a network", anchor=False)
        keep_taught.keep_button(person, trunk, lesson.taught.classes)
