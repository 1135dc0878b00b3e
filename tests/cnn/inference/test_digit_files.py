"""A picture of a digit comes in as a photo does: what one way reads the other reads, and refuses in the same words."""

import re
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image, ImageDraw

from cnn.errors import BadInput
from cnn.inference import digit_files
from cnn.media import image_decoding
from cnn.paths import ROOT
from tests.cnn.media.test_image_decoding import HOSTILE, TOO_LARGE, encoded

pytestmark = pytest.mark.filterwarnings("ignore:::PIL")  # as cnn.media.image_decoding does outside of pytest

READERS = {  # who may decode a picture, and where it comes from
    "cnn/media/image_decoding.py",  # anyone
    "cnn/datasets/cifar10_files.py",  # a data set
    "cnn/perturbations/photometric.py",  # itself, a moment ago
    "cnn/bundle/run.py",  # who took a network home, on a machine of their own: the app never runs it
    "ui/images/colormap.py",  # the app
}


def seven(mode: str = "RGB", ink: Any = (20, 20, 60), paper: Any = (250, 250, 245)) -> Image.Image:
    picture = Image.new(mode, (240, 240), paper)
    ImageDraw.Draw(picture).line([(80, 70), (160, 70), (110, 180)], ink, 16, "curve")
    return picture


def item(folder: Path, data: bytes) -> digit_files.DigitInput:
    path = folder / "digit.png"
    path.write_bytes(data)
    (found,) = digit_files.read_digit_files([path])
    return found


def pixels(found: digit_files.DigitInput) -> Any:
    assert found.error is None
    assert found.reading is not None
    (digit,) = found.reading.digits
    return digit.pixels


@pytest.mark.parametrize("form", image_decoding.FORMATS)
def test_a_digit_is_read_from_every_format_that_a_photo_is_read_from(form: str, tmp_path: Path) -> None:
    made, plain = (pixels(item(tmp_path, encoded(seven(), one))) for one in (form, "PNG"))
    assert np.abs(made - plain).mean() < 0.05  # JPEG rings around ink


@pytest.mark.parametrize(
    "picture",
    [
        seven("RGBA", (255, 255, 255, 255), (0, 0, 0, 0)),
        seven("RGBA", (0, 0, 0, 255), (0, 0, 0, 0)),
        seven("LA", (255, 255), (0, 0)),
        seven().quantize(4),
        seven().convert("CMYK"),
        Image.fromarray(np.asarray(seven().convert("L"), np.uint16) * 257),
        Image.fromarray(np.asarray(seven().convert("L"), np.uint16) * 16),
    ],
    ids=["white on nothing", "black on nothing", "grey and nothing", "palette", "cmyk", "16 bits", "12 bits"],
)
def test_a_digit_is_read_in_every_mode(picture: Image.Image, tmp_path: Path) -> None:
    plain = pixels(item(tmp_path, encoded(seven(), "PNG")))
    assert np.abs(pixels(item(tmp_path, encoded(picture, "TIFF"))) - plain).mean() < 0.05


def test_the_smallest_digit_of_a_page_keeps_its_lines(tmp_path: Path) -> None:
    page = Image.new("L", (3024, 4032), 245)
    page.paste(seven("L", 20, 245).resize((270, 270)), (1500, 2000))
    (tmp_path / "page.jpg").write_bytes(encoded(page, "JPEG"))
    assert min(digit_files.open_digit_picture(tmp_path / "page.jpg").shape[:2]) >= digit_files.PAGE_SIDE_PX


@pytest.mark.parametrize("data", [b"", b"Dear digit", *HOSTILE.values(), *TOO_LARGE.values()])
def test_what_is_no_photo_is_no_digit_in_the_same_words(data: bytes, tmp_path: Path) -> None:
    with pytest.raises(BadInput) as refused:
        image_decoding.decode_image(data, "digit.png")
    assert item(tmp_path, data).error == str(refused.value)


@pytest.mark.parametrize("name", ["gone.png", "."])
def test_what_is_no_file_is_told(name: str, tmp_path: Path) -> None:
    (found,) = digit_files.read_digit_files([tmp_path / name])
    assert "could not be read" in str(found.error)


def test_pictures_of_people_have_one_way_in() -> None:
    files = [path for room in ("cnn", "ui", "pages") for path in (ROOT / room).rglob("*.py")]
    readers = {str(path.relative_to(ROOT)) for path in files if re.search(r"\bImage\.open\(", path.read_text("utf-8"))}
    assert readers == READERS
