"""Five architectures that made history: pick one, and see who made it, what it is made of and what it cost."""

import streamlit as st

from ui import page
from ui.components.milestones import milestones
from ui.guide import architecture_export, architecture_story, gradient_flow, residual_training
from ui.selection import network_picker
from ui.text.glossary import term

page.title("Architectures")
st.markdown(
    f"Five {term('architecture', 'architectures')}, plans of a network, changed what machines see. "
    "Pick one to see who made it, its one idea and its price."
)


@st.fragment
def study() -> None:
    """Ask, show; runs again with every choice."""
    name = milestones.render_milestones(
        architecture_story.choose_milestone(),
        network_picker.architecture_from_address(architecture_story.FIRST),
        "eras",
    )
    network_picker.keep_architecture(name)
    architecture_story.tell_story(name)
    architecture_story.show_diagrams(name)


@st.fragment
def experiment() -> None:
    """Ask for a depth, show what becomes of the gradient."""
    gradient_flow.show_gradient_flow("shortcut")


study()
architecture_story.training_note()
st.header("Residual: what is left over", anchor="residual", divider="gray")
st.markdown(gradient_flow.MEANING)
experiment()
residual_training.show_residual_training("runs")
architecture_export.offer_architecture("home")
architecture_story.dataset_credits()
