"""The answers: what is written on the cards, who agrees, and whose bars are shown."""

import json
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest
from streamlit.testing.v1 import AppTest

from cnn.inference.predict import Prediction
from ui.components.answer_cards import answer_cards
from ui.text import agreement
from ui.text.agreement import NetworkAnswer, agreement_sentence, no_answer_yet, spoken
from ui.text.numbers import milliseconds, percent

TITLES = ("LeNet-5", "AlexNet", "VGG", "Inception", "ResNet-20")


def answer(title: str, label: str | None, known: bool = True, reading: str = "") -> NetworkAnswer:
    shares = tuple(0.91 if str(digit) == label else 0.01 for digit in range(10))
    return NetworkAnswer(f"mnist/{title}", title, label, 0.91, 0.56, known, shares, reading)


def five(labels: str, known: str = "yyyyy") -> list[NetworkAnswer]:
    """Let each network answer its own character of `labels`."""
    return [answer(title, label, sure == "y") for title, label, sure in zip(TITLES, labels, known, strict=True)]


@pytest.mark.parametrize(
    ("labels", "known", "line"),
    [
        ("77777", "yyyyy", "All 5 say 7"),
        ("17777", "yyyyy", "4 of 5 say 7; LeNet-5 says 1"),
        ("17717", "yyyyy", "3 of 5 say 7; LeNet-5 and Inception say 1"),
        ("12277", "yyyyy", "2 of 5 say 2; Inception and ResNet-20 say 7; LeNet-5 says 1"),
        ("17777", "nyyyy", "4 of 5 say 7; to LeNet-5 this is unlike anything it learned"),
        ("77777", "nnnyy", "2 of 5 say 7; to LeNet-5, AlexNet and VGG this is unlike anything they learned"),
        (
            "77777",
            "nnnny",
            "ResNet-20 says 7; to LeNet-5, AlexNet, VGG and Inception this is unlike anything they learned",
        ),
        ("12345", "nnnnn", "To all 5 this is unlike anything they learned"),
    ],
)
def test_says_who_agrees(labels: str, known: str, line: str) -> None:
    assert agreement_sentence(five(labels, known)) == line


def test_says_nothing_before_there_is_an_answer() -> None:
    assert agreement_sentence([answer(title, None) for title in TITLES]) == ""
    assert agreement_sentence([]) == ""


def test_one_network_agrees_with_nobody() -> None:
    assert agreement_sentence([answer("VGG", "7")]) == "VGG says 7"


def test_two_networks_are_both_or_named() -> None:
    assert agreement_sentence([answer("VGG", "7"), answer("ResNet-20", "7")]) == "Both say 7"
    assert agreement_sentence([answer("VGG", "7"), answer("ResNet-20", "1")]) == "ResNet-20 says 1; VGG says 7"


def test_several_digits_are_compared_as_a_whole() -> None:
    rows = [answer(title, "4", reading="407") for title in TITLES[:4]] + [answer("ResNet-20", "4", reading="401")]
    assert agreement_sentence(rows) == "4 of 5 say 407; ResNet-20 says 401"


@pytest.mark.parametrize(
    ("share", "text"),
    [
        (0.0, "0 %"),
        (0.0004, "0 %"),
        (0.0006, "0.1 %"),
        (0.0625, "6.2 %"),
        (0.913, "91.3 %"),
        (0.999, "99.9 %"),
        (0.9996, ">99.9 %"),
        (1.0, ">99.9 %"),
    ],
)
def test_writes_a_share(share: float, text: str) -> None:
    assert percent(share) == text


@pytest.mark.parametrize(
    ("time", "text"), [(0.031, "0.03 ms"), (0.56, "0.56 ms"), (1.24, "1.2 ms"), (12.4, "12 ms"), (143.0, "143 ms")]
)
def test_writes_a_time(time: float, text: str) -> None:
    assert milliseconds(time) == text


def test_speaks_a_card() -> None:
    assert spoken(answer("VGG", "7")) == "VGG: 7, 91.0 %, 0.56 ms"
    assert spoken(answer("VGG", "4", reading="407")) == "VGG: 407, 91.0 %, 0.56 ms"
    assert spoken(answer("VGG", None)) == "VGG: no answer yet"
    assert spoken(answer("VGG", "7", known=False)).startswith("VGG: unlike anything it learned; nearest is 7")


def test_takes_its_words_from_network_and_prediction() -> None:
    network: Any = SimpleNamespace(name="mnist/vgg", card=SimpleNamespace(title="VGG", classes=("zero", "one", "two")))
    shares = np.array([0.25, 0.625, 0.125], np.float32)
    prediction = Prediction(1, shares, np.log(shares), True, 0.9)
    expected = NetworkAnswer("mnist/vgg", "VGG", "one", 0.625, 0.9, True, (0.25, 0.625, 0.125), "12")
    assert agreement.answer_of(network, prediction, reading="12") == expected
    assert no_answer_yet(network) == NetworkAnswer("mnist/vgg", "VGG", None, 0.0, 0.0, True, (0.0, 0.0, 0.0))


def page() -> None:
    import streamlit as st

    from ui.components.answer_cards.answer_cards import render_answer_cards
    from ui.text.agreement import NetworkAnswer

    shares = (0.0,) * 7 + (1.0, 0.0, 0.0)
    rows = [NetworkAnswer(f"mnist/{name}", name, "7", 1.0, 0.5, True, shares) for name in st.session_state["networks"]]
    st.text(render_answer_cards(rows, list("0123456789"), st.session_state["asked"], "five"))


@pytest.fixture
def app() -> AppTest:
    app = AppTest.from_function(page, default_timeout=60)
    app.session_state["networks"] = ("lenet", "vgg", "resnet")
    return choose(app, asked="mnist/resnet")


def choose(app: AppTest, asked: str | None = None, click: object = None) -> AppTest:
    """Run the page once more, after another choice in the address or a message from the browser."""
    if asked is not None:
        app.session_state["asked"] = asked
    if click is not None:
        app.session_state["five"] = {"chosen": click}
    app.run()
    assert not app.exception
    return app


def returned(app: AppTest) -> str:
    shown = json.loads(app.get("bidi_component")[0].proto.json)
    assert shown["chosen"] == app.text[0].value  # the browser is told what the page is told
    return str(app.text[0].value)


def test_the_page_chooses_at_first(app: AppTest) -> None:
    assert returned(app) == "mnist/resnet"


def test_a_click_chooses_and_lasts(app: AppTest) -> None:
    assert returned(choose(app, click={"value": "mnist/vgg", "turn": 1})) == "mnist/vgg"
    assert returned(choose(app)) == "mnist/vgg"


def test_the_newest_of_several_clicks_counts(app: AppTest) -> None:
    choose(app, click={"value": "mnist/vgg", "turn": 2})
    assert returned(choose(app, click={"value": "mnist/lenet", "turn": 1})) == "mnist/vgg"


def test_a_click_wins_over_the_address_that_follows_the_last_one(app: AppTest) -> None:
    choose(app, click={"value": "mnist/vgg", "turn": 1})
    assert returned(choose(app, asked="mnist/vgg", click={"value": "mnist/lenet", "turn": 2})) == "mnist/lenet"


def test_another_address_wins_over_an_old_click(app: AppTest) -> None:
    choose(app, click={"value": "mnist/vgg", "turn": 1})
    assert returned(choose(app, asked="mnist/lenet")) == "mnist/lenet"


@pytest.mark.parametrize("message", [7, [], {"value": [], "turn": 1}, {"value": "mnist/bogus", "turn": 1}])
def test_a_malformed_message_changes_nothing(app: AppTest, message: object) -> None:
    assert returned(choose(app, click=message)) == "mnist/resnet"


def test_an_unknown_choice_falls_back_to_the_first_network(app: AppTest) -> None:
    assert returned(choose(app, asked="mnist/bogus")) == "mnist/lenet"


def test_a_chosen_network_that_is_gone_is_let_go(app: AppTest) -> None:
    choose(app, click={"value": "mnist/vgg", "turn": 1})
    app.session_state["networks"] = ("lenet", "resnet")
    assert returned(choose(app)) == "mnist/resnet"


def test_every_number_reaches_the_browser_as_text(app: AppTest) -> None:
    (row, *_) = json.loads(app.get("bidi_component")[0].proto.json)["rows"]
    assert (row["shown"], row["confidence"], row["milliseconds"], row["winner"]) == ("7", ">99.9 %", "0.50 ms", 7)
    assert row["bars"] == [[1.0, ">99.9 %"] if digit == 7 else [0.0, "0 %"] for digit in range(10)]


def test_before_an_answer_the_browser_gets_dashes_and_flat_bars() -> None:
    row = answer_cards._row(answer("VGG", None))
    assert {row["shown"], row["confidence"], row["milliseconds"]} == {agreement.NO_ANSWER}
    assert (row["reading"], row["winner"]) == ("", -1)


def test_what_is_no_digit_gets_a_question_mark_and_no_percentage() -> None:
    row = answer_cards._row(answer("VGG", "7", known=False))
    assert (row["shown"], row["confidence"]) == ("7?", "unlike anything it learned")


def test_the_caption_tells_which_of_several_digits_the_bars_belong_to() -> None:
    row = answer_cards._row(answer("VGG", "4", reading="407"))
    assert (row["shown"], row["caption"]) == ("407", "Confidence: how sure VGG is of each digit (the 4 of 407)")
