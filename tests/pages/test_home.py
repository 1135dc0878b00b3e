"""The home page without a browser."""

from streamlit.testing.v1 import AppTest

from cnn import zoo
from cnn.paths import ROOT


def test_home_explains_and_lists_the_five() -> None:
    test = AppTest.from_file(str(ROOT / "app.py"), default_timeout=60).run()
    assert not test.exception
    assert test.title[0].value == "See how convolutional networks see"
    text = "\n".join(block.value for block in test.markdown)
    for name in zoo.network_names("mnist"):
        card = zoo.read_card(name)
        assert f"**{card.title}**" in text
        assert f"{card.accuracy * 100:.2f} %" in text
    assert "A kernel is a tiny picture of weights" in text
