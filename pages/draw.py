"""Draw a digit: five architectures answer while one draws."""

import streamlit as st

from ui import page
from ui.ask import draw_predictions, draw_preprocessing, fool_them
from ui.components.answer_cards import answer_cards
from ui.components.drawing_canvas import drawing_canvas
from ui.components.preprocessing_steps import preprocessing_steps
from ui.guide import follow
from ui.images.data_uri import thumbnail_uri
from ui.resources import network_cache
from ui.selection import (
    digit_picture,
    drawing_address,
    eyes_only,
    input_picker,
    network_picker,
    own_networks,
    sample_digits,
)
from ui.text.glossary import term

KEY, DATA = "draw", "mnist"
SHOWN_PX = 480  # longer side of a picture in place of the canvas

page.title("Draw a digit")
eyes_only.explain_link()
st.markdown(
    f"Five {term('network', 'networks')} read along: each turns 28x28 pixels into ten numbers, one a digit. "
    "[What they see](#xray)."
)


@st.fragment
def study() -> None:
    """Ask, compute, show; runs again with every stroke."""
    paper, screen = st.container(key="desk").columns([5, 7], gap="large")
    with paper:
        board = st.container()
        picture = digit_picture.choose_digit_picture("digit picture")
    with board:
        if picture is None:
            source = draw_preprocessing.source_of_drawing(
                drawing_address.canvas_in_address(KEY, sample_digits.samples_on_canvas())
            )
        else:
            source = draw_preprocessing.source_of_picture(picture)
            with st.container(border=True):  # white paper has no edge of its own on a white page
                st.image(thumbnail_uri(picture, SHOWN_PX), caption="Your picture")
    off = preprocessing_steps.steps_off(source.key, source.fields)
    reading = source.read(off)
    with paper:
        beside = own_networks.choose_own_networks(DATA)
    networks = (*network_cache.cached_networks(DATA), *beside)
    predictions = draw_predictions.predict_digits(networks, reading.digits)
    with screen:
        chosen = f"{DATA}/{network_picker.architecture_from_address()}"
        which = network_picker.choose_digit(draw_predictions.predicted_labels(networks, predictions, chosen))
        rows = draw_predictions.answer_rows(networks, predictions, which)
        chosen = answer_cards.render_answer_cards(rows, networks[0].card.classes, chosen, "answers")
        network_picker.keep_chosen_network(chosen)
        fool_them.show_fool_them(rows, reading.digits[which].pixels if reading.digits and not off else None)
    if picture is not None and reading.nothing is not None:
        board.caption(reading.nothing.sentence)
    if picture is None and reading.digits:
        own = input_picker.drawn_digit(drawing_canvas.kept_drawing(KEY), reading.digits, which)
        asked = next(at for at, network in enumerate(networks) if network.name == chosen)
        follow.show_follow_strip(KEY, [networks[asked]], own, predictions[asked][which])
    st.subheader("The x-ray: switch a step off and see what breaks", anchor="xray")
    st.markdown(
        "Your lines are [smoothed](#smooth), [cut out](#crop), fitted into a [20-pixel box](#box), drawn again with "
        "[MNIST's pen](#pen) and [centred](#centre). A picture is first freed of its [desk](#sheet), "
        "[turned to white on black](#polarity), and rid of [printed lines](#rules) and [shadows](#threshold)."
    )
    answer = next(row for row in rows if row.network == chosen)
    preprocessing_steps.render_preprocessing_steps(
        draw_preprocessing.step_panels(source, reading, which, off),
        draw_predictions.answer_sentence(answer),
        source.key,
    )


study()
st.header("Why each step", anchor="why", divider="gray")
draw_preprocessing.explain_preprocessing()
