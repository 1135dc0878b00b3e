"""ConvScope: see how convolutional neural networks see. `streamlit run app.py` opens it."""

import streamlit as st

from ui import theme
from ui.classroom import presenting
from ui.guide import tour
from ui.server import PageStyles

if not PageStyles.in_use:  # `streamlit run app.py`, without serve.py
    theme.apply_styles()
st.set_page_config(page_title="ConvScope", page_icon=theme.ICON, layout="wide", menu_items=theme.MENU)
GROUPS = {
    "": [st.Page("pages/home.py", title="Home", default=True)],
    "Ask": [
        st.Page("pages/draw.py", title="Draw a digit", url_path="draw"),
        st.Page("pages/photo.py", title="Photo: what is in it?", url_path="photo"),
        st.Page("pages/video.py", title="Video: what happens when?", url_path="video"),
    ],
    "Look inside": [
        st.Page("pages/layers.py", title="Layers: what each one finds", url_path="layers"),
        st.Page("pages/arithmetic.py", title="Convolution, step by step", url_path="arithmetic"),
        st.Page("pages/evidence.py", title="Evidence: why this answer?", url_path="evidence"),
        st.Page("pages/lesion.py", title="Ablation: switch channels off", url_path="lesion"),
    ],
    "Compare": [
        st.Page("pages/compare.py", title="Compare networks", url_path="compare"),
        st.Page("pages/robustness.py", title="Robustness: how far can it bend?", url_path="robustness"),
        st.Page("pages/architectures.py", title="Architectures", url_path="architectures"),
    ],
    "Train": [
        st.Page("pages/train.py", title="Train a network", url_path="train"),
        st.Page("pages/teach.py", title="Teach your own classes", url_path="teach"),
        st.Page("pages/backpropagation.py", title="Backpropagation, step by step", url_path="backpropagation"),
        st.Page("pages/networks.py", title="Your networks", url_path="networks"),
    ],
    "More": [
        st.Page("pages/class.py", title="Class: predict, then see", url_path="class"),
        st.Page("pages/help.py", title="Help", url_path="help"),
    ],
}
page = st.navigation(GROUPS, position="top")
theme.mark_group(tuple(GROUPS.values()), page)
with st.container():  # always there: what comes and goes above a page leaves the page's own places as they are
    presenting.present()
    tour.show_tour(page.url_path)
page.run()
