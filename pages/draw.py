"""Draw a digit: five architectures answer while one draws."""

import streamlit as st

from cnn import digits
from ui import answers, asking, cache, canvas, pickers, samples, shell, steps, xray

KEY, DATA = "draw", "mnist"

shell.title("Draw a digit")
st.markdown(
    "Five networks read along. Your lines are [smoothed](#smooth), [cut out](#crop), fitted into a "
    "[20-pixel box](#box), drawn again with [MNIST's pen](#pen) and [centred](#centre); then each network turns "
    "the 28x28 pixels into ten numbers, one a digit."
)


@st.fragment
def study() -> None:
    """Ask, compute, show; runs again with every stroke."""
    paper, screen = st.columns([5, 7], gap="large")
    off = xray.off("xray", steps.FIELDS)
    drawing = canvas.current(KEY)
    reading = steps.read(drawing, off)
    networks = cache.networks(DATA)
    predictions = asking.ask(networks, reading.digits)
    with screen:
        chosen = f"{DATA}/{pickers.architecture()}"
        which = pickers.which_digit(asking.labels(networks, predictions, chosen))
        rows = asking.rows(networks, predictions, which)
        chosen = answers.answers(rows, networks[0].card.classes, chosen, "answers")
        pickers.keep_architecture(chosen.split("/")[1])
    with paper:
        canvas.canvas(KEY, answers.agreement(rows), samples.digits())
        if reading.nothing is digits.Nothing.DOT:
            st.caption(reading.nothing.sentence)
    st.subheader("The x-ray: switch a step off and see what breaks", anchor="xray")
    answer = next(row for row in rows if row.network == chosen)
    xray.xray(steps.panels(steps.read(drawing, off, xray=True), which, off), asking.verdict(answer), "xray")


study()
st.header("Why each step", anchor="why", divider="gray")
steps.explain()
