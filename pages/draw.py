"""Draw a digit: five architectures answer while one draws."""

import streamlit as st

from cnn import preprocessing
from ui import page
from ui.ask import draw_predictions, draw_preprocessing
from ui.components.answer_cards import answer_cards
from ui.components.drawing_canvas import drawing_canvas
from ui.components.preprocessing_steps import preprocessing_steps
from ui.resources import network_cache
from ui.selection import network_picker, sample_digits
from ui.text import agreement

KEY, DATA = "draw", "mnist"

page.title("Draw a digit")
st.markdown(
    "Five networks read along. Your lines are [smoothed](#smooth), [cut out](#crop), fitted into a "
    "[20-pixel box](#box), drawn again with [MNIST's pen](#pen) and [centred](#centre); then each network turns "
    "the 28x28 pixels into ten numbers, one a digit."
)


@st.fragment
def study() -> None:
    """Ask, compute, show; runs again with every stroke."""
    paper, screen = st.columns([5, 7], gap="large")
    off = preprocessing_steps.off("xray", draw_preprocessing.FIELDS)
    drawing = drawing_canvas.current(KEY)
    reading = draw_preprocessing.read(drawing, off)
    networks = network_cache.networks(DATA)
    predictions = draw_predictions.ask(networks, reading.digits)
    with screen:
        chosen = f"{DATA}/{network_picker.architecture()}"
        which = network_picker.which_digit(draw_predictions.labels(networks, predictions, chosen))
        rows = draw_predictions.rows(networks, predictions, which)
        chosen = answer_cards.answers(rows, networks[0].card.classes, chosen, "answers")
        network_picker.keep_architecture(chosen.split("/")[1])
    with paper:
        drawing_canvas.canvas(KEY, agreement.agreement_sentence(rows), sample_digits.digits())
        if reading.nothing is preprocessing.Nothing.DOT:
            st.caption(reading.nothing.sentence)
    st.subheader("The x-ray: switch a step off and see what breaks", anchor="xray")
    answer = next(row for row in rows if row.network == chosen)
    preprocessing_steps.xray(
        draw_preprocessing.panels(draw_preprocessing.read(drawing, off, xray=True), which, off),
        draw_predictions.verdict(answer),
        "xray",
    )


study()
st.header("Why each step", anchor="why", divider="gray")
draw_preprocessing.explain()
