"""The questions that people ask most, answered; and every key that does something."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import streamlit as st

from ui.guide import home
from ui.text import glossary


@dataclass(frozen=True, slots=True)
class HelpQuestion:
    """A question, its answer in Markdown, and the page that goes on from there, "" for none."""

    title: str
    answer: str
    page: str = ""


QUESTIONS: Final = (
    HelpQuestion(
        "My digit is misread. Why?",
        "Look at the x-ray on the page Draw a digit: it shows what the networks get. They learned from MNIST: "
        "American hands of about 1990, a 1 without a foot, a 7 mostly without a bar, a 4 mostly open at the top. "
        "Draw it large, in one go, with clear gaps between digits. Where the card says that it is unlike "
        "anything it learned, trust that more than the answer. And each network misreads 34 to 51 of "
        "MNIST's 10,000 test digits.",
        "pages/draw.py",
    ),
    HelpQuestion(
        "A photo gets a silly answer",
        "A network only knows the classes that it learned, 1,000 of ImageNet or 10 of CIFAR-10, and always names the "
        "nearest: people are hardly among the thousand (a groom, a diver, a baseball player). What is unlike anything "
        "it learned is told as such. It was shown the middle "
        "of the photo, 224x224 pixels: what is small or at the edge is lost, so cut the photo to the thing. Click a "
        "name to see which part spoke for it.",
        "pages/photo.py",
    ),
    HelpQuestion(
        "The page is slow",
        "The first evidence takes about ten seconds: TensorFlow starts, in a process of its own; then it stays. "
        "A training takes a whole core. VGG16 multiplies 40 times as much as "
        "EfficientNet-Lite0. [What was found on this machine](#health) says more.",
    ),
    HelpQuestion(
        "No network, or a network is missing",
        "What ships with the app needs no internet. VGG16 and InceptionV3 are fetched once, from the Photo "
        "page or with `python -m cnn fetch vgg16`; what came before a break is kept. The data sets are downloaded by "
        "Keras when you first train; `CONVSCOPE_DATA` names a folder with a copy. "
        "[What was found on this machine](#health) names damaged files.",
    ),
    HelpQuestion(
        "Can I take a network home?",
        "Yes: open Take it home below a network, or Take one home on the Architectures page. The zip "
        "holds the network as Keras, LiteRT and ONNX file. Each takes a photo of any size as bytes and gives "
        "probabilities: nothing has to be done to the photo first. `index.html` in it is a web page that needs neither "
        "the internet nor a server: put the folder on a USB stick and open it. Before you get it, each format has "
        "answered 64 pictures as the pages here do, to a thousandth. A digit must come as MNIST has it; `run.py` and "
        "the page make that of a clean picture, not of a photo of a ruled sheet.",
        "pages/networks.py",
    ),
    HelpQuestion(
        "No module named 'keras.models'; 'keras' is not a package",
        "A file of yours is called `keras.py`, and Python takes it for Keras. The same goes for `tensorflow.py`, "
        "`numpy.py`, `streamlit.py` or `random.py`. Rename it, and delete `__pycache__` beside it. "
        "`python -m cnn doctor` names the file, even where the app does not start.",
    ),
    HelpQuestion(
        "How do I open it to a class?",
        "`make app ADDRESS=0.0.0.0` shows the address and its QR code, and says who can reach it. On the page Class "
        "you open a room: four letters, up to 100 phones. Everyone predicts, then the network speaks. No accounts, "
        "no names; nothing is kept, and each drawing lives in its own session.",
        "pages/class.py",
    ),
    HelpQuestion(
        "How do I train one of my own?",
        "On the Train page, while you watch: 5,000 digits come with the app. Runs are kept in a folder of yours, which "
        "`CONVSCOPE_HOME` names. `python -m cnn train lenet --data mnist` in a terminal trains one that answers on "
        "every page. A new architecture is one file and one line: CONTRIBUTING.md begins with it.",
        "pages/train.py",
    ),
    HelpQuestion(
        "How do I teach it things of my own?",
        "On the page Teach your own classes: a folder of pictures for each thing, from 20 on, better 50. It learns in "
        "seconds, for it weighs what a trained network sees, and says between which bounds it will be right; "
        "fine-tuning lets the network's last layers learn, too, and takes minutes. Your "
        "pictures are kept, reduced, in the folder that `CONVSCOPE_HOME` names, until you press Delete everything. "
        "`python -m cnn teach FOLDER --name pets` in a terminal does the same.",
        "pages/teach.py",
    ),
    HelpQuestion(
        "How do I bring a network that I trained elsewhere?",
        "On the page Your networks, as a `.keras`, `.h5`, `.tflite` or `.onnx` file of up to 200 MB, or with `python "
        "-m cnn add FILE`. You say how it takes pictures; a photo whose answer you know shows which guess is right. "
        "From then on it opens on every page. From **Keras**: `model.save('mine.keras')`. From **Teachable Machine**:"
        " Export, Tensorflow, Keras; its `labels.txt` goes along. From **PyTorch**: `torch.onnx.export(model.eval(), "
        "torch.zeros(1, 3, 224, 224), 'mine.onnx', external_data=False)`, with the size that it was trained on. From "
        "a **SavedModel**: `tf.lite.TFLiteConverter.from_saved_model('FOLDER').convert()` gives the bytes of a "
        "`.tflite`. A layer of your own or a Lambda would be code, and is refused by name: put Keras' own layers in "
        "its place. Of a network that was **taken home from here** bring `network.keras`, with its `labels.json`.",
        "pages/networks.py",
    ),
    HelpQuestion(
        "Does anything leave this machine?",
        "No. No account, no statistics, no fonts or scripts from elsewhere. Only what you ask for is fetched: a photo "
        "by its address, a large network, a data set.",
    ),
)
KEYS: Final = (  # where, keys, what they do
    ("Everywhere", "Tab, Shift Tab", "next, previous"),
    ("Canvas", "arrows; with Shift finely", "move the pen"),
    ("Canvas", "Space or Enter", "pen down, pen up"),
    ("Canvas", "Escape", "pen up"),
    ("Canvas", "Ctrl Z, Ctrl Y", "undo, redo"),
    ("Canvas", "Delete", "clear"),
    ("Answers, photos, names, years", "arrows, Home, End", "choose another"),
    ("Photo", "Ctrl V", "paste a photo"),
    ("Evidence", "left, right", "more or less of it"),
    ("Clip", "left, right; Page Up, Page Down", "one frame, five frames"),
    ("Clip", "N", "to where the networks disagree"),
    ("A network's layers", "left, right; up, down", "along it; between its branches"),
    ("Channels", "arrows, Home, End", "another channel"),
    ("A channel's map", "arrows", "another place, and what it sees"),
    ("Convolution, step by step", "arrows; Space", "move the window; let it slide by itself"),
    ("Confusion matrix", "arrows", "another cell, and its pictures"),
    ("Curves", "arrows, Home, End", "read another point"),
    ("On the projector", "left, right; Page Up, Page Down; Escape", "another scene; end the show"),
)


def show_questions() -> None:
    """Show the questions; an answer opens with a click or Enter."""
    for question in QUESTIONS:
        with st.expander(question.title):
            st.markdown(question.answer)
            for page, label in home.list_pages():
                if page == question.page:
                    st.page_link(page, label=label)


def show_glossary() -> None:
    """List the field's terms, a line each; the links of all pages lead to these lines."""
    for name, meaning in glossary.TERMS.items():
        st.markdown(f"##### {name}\n{meaning}")


def show_keys() -> None:
    """List the keys."""
    lines = [f"| {where} | {keys} | {what} |" for where, keys, what in KEYS]
    st.markdown("\n".join(["| Where | Keys | What they do |", "|---|---|---|", *lines]))
