"""The Arithmetic page in a real browser: the window slides, is taken, and every number is the Python's."""

from __future__ import annotations

import re
from urllib.parse import parse_qs, urlsplit

import numpy as np
import pytest
from playwright.sync_api import Locator, Page, expect

from cnn.graph import sliding_window
from cnn.layers import activations, unit_arithmetic
from cnn.layers.unit_arithmetic import UnitArithmetic
from cnn.layers.unit_steps import ConvolutionStep, PoolingStep, UnitPlace
from cnn.preprocessing import from_strokes
from tests.browser.conftest import Visits, expect_fits, expect_fits_everywhere, on_both_widths
from ui.components.drawing_canvas import drawing_canvas
from ui.selection import sample_digits

pytestmark = pytest.mark.browser
DIGITS_SHOWN = 2e-4  # relative: five digits that count


def made(name: str, layer: str, unit: int, y: int, x: int) -> UnitArithmetic:
    """Work out a number of the sample 7 with Python."""
    opened = activations.open_network(name)
    return unit_arithmetic.compute_unit(opened, opened.maps(seven()), UnitPlace(layer, unit, y, x))


def seven() -> np.ndarray:
    return from_strokes(sample_digits.sample_digits()[7][1], drawing_canvas.PEN).digits[0].pixels


def number(text: str) -> float:
    return float(text.replace("\u2212", "-").replace(",", ""))


def link(page: Page, name: str) -> Locator:
    return page.locator(f'.chain .link[data-name="{name}"] .number')


def shown(page: Page, name: str) -> float:
    return number(link(page, name).inner_text())


def grid(page: Page, at: int) -> list[float]:
    cells = page.locator(".grids .grid").nth(at).locator(".cell").all_inner_texts()
    return [number(text) if text else 0.0 for text in cells]


def spot(page: Page) -> tuple[int, int]:
    found = re.fullmatch(r"row (\d+), column (\d+)", page.locator(".sums .place").inner_text())
    assert found
    return int(found[1]), int(found[2])


def output(page: Page) -> Locator:
    return page.locator(".sums .output")


def play(page: Page) -> Locator:
    return page.locator(".sums .play")


def hold(page: Page) -> None:
    """Take the window with the keyboard, so that it stands."""
    output(page).focus()
    page.keyboard.press("Space")
    expect(play(page)).to_have_text("Play")


def expect_sum(page: Page, name: str, layer: str, unit: int) -> None:
    """Every number of a convolution's unit with one channel is the Python's."""
    one = made(name, layer, unit, *spot(page))
    step = one.step
    assert isinstance(step, ConvolutionStep)
    for at, numbers in enumerate((step.patch, step.kernel, step.products)):
        np.testing.assert_allclose(grid(page, at), np.asarray(numbers)[..., 0].ravel(), atol=6e-3)
    assert shown(page, "total") == pytest.approx(step.total, rel=DIGITS_SHOWN, abs=1e-5)
    assert shown(page, "bias") == pytest.approx(step.bias, rel=DIGITS_SHOWN)
    assert shown(page, "before") == pytest.approx(step.before, rel=DIGITS_SHOWN, abs=1e-5)
    assert shown(page, "value") == pytest.approx(step.value, rel=DIGITS_SHOWN, abs=1e-5)
    assert shown(page, "computed") == pytest.approx(one.computed, rel=DIGITS_SHOWN, abs=1e-5)


@on_both_widths
def test_the_window_slides_by_itself_and_stops_when_taken(visit: Visits, width: str) -> None:
    page = visit("arithmetic?network=mnist/lenet&unit=2", width).page
    expect(play(page)).to_have_text("Pause")
    first = page.locator(".sums .place").inner_text()
    expect(page.locator(".sums .place")).not_to_have_text(first)
    stage = output(page)
    stage.scroll_into_view_if_needed()
    box = stage.bounding_box()
    assert box
    page.mouse.click(box["x"] + box["width"] * 10.5 / 28, box["y"] + box["height"] * 4.5 / 28)
    expect(play(page)).to_have_text("Play")
    expect(page.locator(".sums .place")).to_have_text("row 4, column 10")
    expect_sum(page, "mnist/lenet", "c1", 2)
    expect(page).to_have_url(re.compile(r"y=4&x=10"))
    expect_fits_everywhere(page)


def test_by_keyboard_alone(visit: Visits) -> None:
    page = visit("arithmetic?network=mnist/lenet&layer=c1&unit=1&y=3&x=3").page
    expect(page.locator(".sums .place")).to_have_text("row 3, column 3")
    expect(play(page)).to_have_text("Play")  # a link leads to a place, and stands there
    for _ in range(60):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement.shadowRoot?.activeElement?.classList.contains('output')"):
            break
    for key in ("ArrowRight", "ArrowRight", "ArrowDown"):
        page.keyboard.press(key)
    expect(page.locator(".sums .place")).to_have_text("row 4, column 5")
    expect_sum(page, "mnist/lenet", "c1", 1)
    page.keyboard.press("Home")
    page.keyboard.press("PageUp")
    expect(page.locator(".sums .place")).to_have_text("row 0, column 0")  # at the corner, with padding
    expect_sum(page, "mnist/lenet", "c1", 1)
    expect(page.locator(".told")).to_contain_text("Row 0, column 0: sum of 25 products")
    page.keyboard.press("Space")
    expect(play(page)).to_have_text("Pause")
    expect(page.locator(".sums .place")).not_to_have_text("row 0, column 0")
    page.keyboard.press("Space")
    expect(play(page)).to_have_text("Play")


def test_who_wants_less_motion_gets_a_window_that_stands(visit: Visits) -> None:
    page = visit("").page
    page.emulate_media(reduced_motion="reduce")
    page.goto(page.url.rstrip("/") + "/arithmetic?network=mnist/lenet")
    expect(play(page)).to_have_text("Play")
    play(page).click()
    expect(play(page)).to_have_text("Pause")


def test_many_channels_are_listed_and_add_up(visit: Visits) -> None:
    page = visit("arithmetic?network=mnist/vgg&layer=conv3_2&unit=5&y=2&x=3").page
    rows = page.locator(".rows .row")
    expect(rows).to_have_count(13)  # twelve, and all others together
    step = made("mnist/vgg", "conv3_2", 5, 2, 3).step
    assert isinstance(step, ConvolutionStep)
    values = [number(text) for text in page.locator(".rows .row-value").all_inner_texts()]
    assert sum(values) == pytest.approx(step.total, abs=1e-3)
    strongest = np.argsort(-np.abs(step.partial))[:12]
    np.testing.assert_allclose(values[:12], step.partial[strongest], atol=1e-4)
    rows.nth(1).click()
    expect(rows.nth(1)).to_be_checked()
    np.testing.assert_allclose(sum(grid(page, 2)), values[1], atol=0.02)
    page.keyboard.press("ArrowDown")


@pytest.mark.parametrize(
    ("network", "layer"),
    [
        ("mnist/vgg", "pool1"),
        ("mnist/lenet", "s2"),
        ("mnist/resnet", "stem_norm"),
        ("mnist/resnet", "stem_relu"),
        ("mnist/resnet", "block1_3_add"),
        ("mnist/resnet", "average"),
        ("mnist/alexnet", "norm1"),
        ("mnist/alexnet", "flatten"),
        ("mnist/alexnet", "dense7"),
        ("mnist/inception", "inception3a"),
        ("mnist/resnet", "logits"),
    ],
)
def test_every_kind_of_sum_is_the_pythons(visit: Visits, network: str, layer: str) -> None:
    page = visit(f"arithmetic?network={network}&layer={layer}&unit=3&y=6&x=6").page
    expect(link(page, "computed")).to_be_visible()
    maps = activations.open_network(network).graph.layer(layer).has_maps
    one = made(network, layer, 3, *((6, 6) if maps else (0, 0)))
    top = max(1e-3, abs(one.computed))
    assert shown(page, "computed") == pytest.approx(one.computed, abs=1e-4 * top)
    assert shown(page, "value") == pytest.approx(one.step.value, abs=2e-4 * top)
    if isinstance(one.step, PoolingStep) and one.step.largest:
        winner = one.step.winner[0] * one.step.patch.shape[1] + one.step.winner[1]
        expect(page.locator(".grids .cell").nth(winner)).to_have_class(re.compile("winner"))
        expect(page.locator(".grids .winner")).to_have_count(1)
    expect_fits(page)


def test_the_softmax_is_shown_with_its_temperature(visit: Visits) -> None:
    page = visit("arithmetic?network=mnist/lenet&layer=softmax&unit=7", "phone").page
    expect(link(page, "temperature")).to_be_visible()
    assert shown(page, "value") == pytest.approx(shown(page, "computed"), abs=1e-4)
    shares = [number(text) for text in page.locator(".rows .row-value").all_inner_texts()]
    assert sum(shares) == pytest.approx(1, abs=1e-3)
    expect_fits(page)


def test_the_number_can_be_taken_home(visit: Visits) -> None:
    page = visit("arithmetic?network=mnist/lenet&layer=c1&unit=1&y=3&x=3").page
    with page.expect_download() as download:
        page.get_by_role("button", name="Download this number (PNG)").click()
    assert download.value.suggested_filename == "c1-1-3-3.png"
    expect(page.get_by_text('layers.Conv2D(6, 5, padding="same", activation="tanh")')).to_be_visible()


def test_it_goes_on_from_the_layers_and_back(visit: Visits) -> None:
    page = visit("layers?network=mnist/lenet&layer=c3&unit=4&y=2&x=3").page
    page.get_by_role("link", name="One sum").click()
    expect(page.locator(".sums .place")).to_have_text("row 2, column 3")
    expect(page.locator(".sums .output-title")).to_have_text("makes c3, channel 4")
    page.get_by_role("link", name="All maps of this layer").click()
    expect(page).to_have_url(re.compile("/layers.*layer=c3&unit=4&y=2&x=3"))


# ---- The sandbox


def box_of(page: Page) -> Locator:
    return page.locator(".sandbox")


def value(page: Page) -> list[float]:
    found = re.search(r"(?:add up to|window is) (.*)\.$", box_of(page).locator(".value").inner_text())
    assert found
    return [number(text) for text in found[1].split(", ")]


SOBEL = np.array([[-1, 0, 1], [-2, 0, 2], [-1, 0, 1]])


def test_a_kernel_of_ones_own(visit: Visits) -> None:
    page = visit("arithmetic?network=mnist/lenet").page
    sandbox = box_of(page)
    expect(sandbox.locator(".code")).to_have_text('layers.Conv2D(1, 3, padding="same", use_bias=False)')
    hold(page)
    sandbox.locator(".output").focus()
    for key in ("Home", "PageUp", "PageUp", "PageUp"):
        page.keyboard.press(key)
    for key in ["ArrowDown"] * 12 + ["ArrowRight"] * 9:
        page.keyboard.press(key)
    expect(sandbox.locator(".value")).to_contain_text("Row 12, column 9")
    image = np.rint(seven() * 255) / 255
    at = sliding_window.place_window(image.shape, (3, 3), (1, 1), (1, 1), "same")
    patch = sliding_window.window_patch(image.astype(np.float32), at, 12, 9)[0][..., 0]
    assert value(page) == pytest.approx([float((patch * SOBEL).sum())], abs=1e-4)
    sandbox.get_by_label("Weight in row 0, column 0").fill("3.5")
    expect(sandbox.locator(".preset")).to_have_value("typed in")
    assert value(page) == pytest.approx([float((patch * SOBEL).sum() + 4.5 * patch[0, 0])], abs=1e-4)
    expect(page).to_have_url(re.compile("sandbox="))
    assert parse_qs(urlsplit(page.url).query)["sandbox"][0].startswith("conv,3,1,same,")
    page.reload()
    expect(sandbox.get_by_label("Weight in row 0, column 0")).to_have_value("3.5")


@pytest.mark.parametrize(
    ("setting", "size", "stride", "dilation", "padding"),
    [("pool,3,2,same,0,1,grey,blur", 3, 2, 1, "same"), ("conv,4,1,valid,0,3,grey,blur", 4, 1, 3, "valid")],
)
def test_the_sandbox_reckons_as_python_does(
    visit: Visits, setting: str, size: int, stride: int, dilation: int, padding: str
) -> None:
    page = visit(f"arithmetic?network=mnist/lenet&layer=logits&sandbox={setting}").page
    output = box_of(page).locator(".output")
    output.focus()
    image = (np.rint(seven() * 255) / 255).astype(np.float32)
    at = sliding_window.place_window(image.shape, (size, size), (stride, stride), (dilation, dilation), padding)
    for _ in range(6):
        page.keyboard.press("ArrowLeft")
        page.keyboard.press("ArrowUp")
        said = re.search(r"Row (\d+), column (\d+)", box_of(page).locator(".value").inner_text())
        assert said
        numbers, real = sliding_window.window_patch(image, at, int(said[1]), int(said[2]))
        wanted = numbers[real].max() if setting.startswith("pool") else numbers.sum() / size**2
        assert value(page) == pytest.approx([float(wanted)], abs=1e-4)


def test_no_invalid_setting_exists(visit: Visits) -> None:
    page = visit("arithmetic?network=mnist/lenet", "phone").page
    sandbox = box_of(page)
    slider = {name: sandbox.locator(f"input.{name}") for name in ("size", "stride", "pixels", "dilation")}
    expect(slider["size"]).to_have_attribute("max", "7")
    slider["stride"].fill("2")
    expect(slider["dilation"]).to_be_disabled()  # Keras refuses both together
    expect(sandbox.locator(".formula")).to_contain_text("ceil(28 / 2) = 14")
    slider["stride"].fill("1")
    slider["dilation"].fill("3")
    expect(slider["stride"]).to_be_disabled()
    sandbox.locator(".padding-kind").select_option("pixels")
    expect(slider["pixels"]).to_have_attribute("max", "6")
    slider["pixels"].fill("6")
    expect(sandbox.locator(".formula")).to_contain_text("floor((28 + 6 + 6 \u2212 7) / 1) + 1 = 34")
    expect(sandbox.locator(".code")).to_contain_text("layers.ZeroPadding2D(6)")
    slider["size"].fill("1")
    expect(slider["pixels"]).to_be_disabled()
    expect(slider["dilation"]).to_be_disabled()
    expect(sandbox.locator(".formula")).to_contain_text("= 28")
    sandbox.get_by_label("MaxPooling2D").check()
    expect(sandbox.locator(".padding-kind option")).to_have_count(2)
    slider["size"].fill("2")
    slider["stride"].fill("2")
    expect(sandbox.locator(".code")).to_have_text("layers.MaxPooling2D(2, strides=2)")
    expect_fits(page)


def test_in_colour_each_channel_is_by_itself(visit: Visits) -> None:
    page = visit("arithmetic?network=cifar10/lenet&sandbox=conv,3,1,valid,0,1,colour,identity").page
    sandbox = box_of(page)
    expect(sandbox.locator(".output-title")).to_have_text("output: 30 \u00d7 30 \u00d7 3")
    expect(sandbox.locator(".code")).to_have_text("layers.DepthwiseConv2D(3, use_bias=False)")
    assert len(value(page)) == 3
    assert all(0 <= one <= 1 for one in value(page))
