"""Names of classes as people keep them, and the forms in which networks take pictures."""

from __future__ import annotations

import re
import time

import numpy as np
import pytest

from cnn.errors import BadInput
from cnn.importing import Arrival, class_names, input_forms
from cnn.importing import arrival as arrivals
from cnn.importing.class_names import clean_labels, data_set_of, read_labels
from cnn.importing.input_forms import INPUT_FORMS, InputForm, form_in_words, own_form
from cnn.shelf import checked_title


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("cats\ndogs\n", ("cats", "dogs")),
        ("0 cats\n1 dogs", ("cats", "dogs")),  # Teachable Machine
        ("cats, dogs", ("cats", "dogs")),
        ('["cats", "dogs"]', ("cats", "dogs")),
        ('{"0": ["n1", "cats"], "1": ["n2", "dogs"]}', ("n1 cats", "n2 dogs")),  # Keras' imagenet_class_index.json
        ('{"dogs": 1, "cats": 0}', ("cats", "dogs")),  # class_indices of Keras
        ("7 dwarfs\n101 dalmatians", ("7 dwarfs", "101 dalmatians")),
    ],
)
def test_a_list_of_names_is_read_as_people_keep_it(text: str, names: tuple[str, ...]) -> None:
    assert read_labels(text, 2) == names


@pytest.mark.parametrize("text", ["a\nb\nc", "[" * 9999, "x" * 2_000_000])
def test_a_wrong_list_is_told(text: str) -> None:
    with pytest.raises(BadInput):
        read_labels(text, 2)


def test_a_name_becomes_neither_markup_nor_a_path_nor_a_formula() -> None:
    odd = ["<img src=x onerror=a()>", "../../etc/passwd", "=1+1", "[a](http://x.y)", "a_b", "*", "a b", "\u202eevil`"]
    made = clean_labels(odd, len(odd))
    assert len(set(made)) == len(odd)
    assert not [one for one in made if re.search(r"[<>\[\]`*_/\\=:|\u202e]|^[-+=@.]", one)]


def test_whose_pictures_a_network_is_asked() -> None:
    imagenet = clean_labels(class_names.imagenet_names(), 1000)
    assert data_set_of(imagenet, (224, 224, 3), False) == "imagenet"
    assert data_set_of(class_names.CIFAR10_CLASSES, (32, 32, 3), False) == "cifar10"
    assert data_set_of(class_names.CIFAR10_CLASSES, (96, 96, 3), False) == "own_classes"
    assert data_set_of(class_names.DIGIT_CLASSES, (28, 28, 1), True) == "mnist"
    with pytest.raises(BadInput, match="10 classes"):
        data_set_of(("a", "b"), (28, 28, 1), True)


def test_forms_are_what_their_frameworks_do() -> None:
    pixel = np.float32([[[0.2, 0.4, 0.6]]])
    for name, wanted in {
        "signed": pixel * 2 - 1,
        "bytes": pixel * 255,
        "imagenet": (pixel - np.float32((0.485, 0.456, 0.406))) / np.float32((0.229, 0.224, 0.225)),
        "caffe": pixel[..., ::-1] * 255 - np.float32((103.939, 116.779, 123.68)),
    }.items():
        assert np.allclose(INPUT_FORMS[name].form(pixel), wanted, atol=1e-4), name
    made = own_form(255, (10.0, 20.0, 30.0), (2.0,), bgr=True)
    assert np.allclose(made(pixel), (pixel[..., ::-1] * 255 - (10, 20, 30)) / 2)
    assert form_in_words(InputForm((2.0,), (-1.0,))) == "-1 to 1"
    assert "blue first" in form_in_words(made)
    for wrong in ((0.0,), (1.0, (float("nan"),)), (1.0, (0.0,), (0.0,)), (1.0, (1.0, 2.0))):
        with pytest.raises(BadInput):
            own_form(*wrong)


@pytest.mark.parametrize(
    ("name", "said"),
    [("a.pt", "onnx.export"), ("a.pb", "from_saved_model"), ("a.pkl", "run any code"), ("a", "Help")],
)
def test_other_formats_are_told_what_to_type(name: str, said: str) -> None:
    with pytest.raises(BadInput, match=said):
        arrivals.receive_file(b"x", name)


@pytest.mark.parametrize(
    ("name", "title"),
    [
        ("mobile_net.v2.h5", "mobile net v2"),
        ("resnet-18.onnx", "resnet-18"),
        ("-_-.tflite", "Mine"),
        ("<b>*x*.keras", "b x"),
        ("n" * 99 + ".h5", "n" * 60),
    ],
    ids=["underscores", "hyphen", "signs", "markup", "long"],
)
def test_a_network_may_be_called_as_its_file(name: str, title: str) -> None:
    assert checked_title(Arrival("id", name).title) == title


def test_an_arrival_lies_under_a_name_of_ours_and_goes_after_a_day() -> None:
    arrival = arrivals.receive_file(b"x", "../../<b>evil</b>.KERAS")
    assert arrival.file.read_bytes() == b"x"
    assert arrival.file.name == "file.keras"
    assert not re.search(r"[<>/]", arrival.short_name)
    arrivals.forget_old_arrivals(time.time() + arrivals.KEPT_S + 60)
    assert not arrival.folder.exists()
    with pytest.raises(BadInput, match="Bring it again"):
        _ = arrival.facts
    with pytest.raises(BadInput, match="empty"):
        arrivals.receive_file(b"", "a.h5")
    assert input_forms.forms_for(1).keys() == {"unit", "signed", "bytes", "inverted", "mnist"}
