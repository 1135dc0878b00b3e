"""The Layers page in a real browser: layers, channels and places by mouse, by finger and by keyboard alone."""

from __future__ import annotations

import re
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest
from PIL import Image
from playwright.sync_api import Locator, Page, expect

from tests.browser.conftest import Visits, everywhere, expect_fits, expect_fits_everywhere, on_both_widths

pytestmark = pytest.mark.browser
LENET = "layers?network=mnist/lenet"
SAME_PLACES = """canvas => {
  const root = canvas.closest(".examples"), whole = root.querySelector(".whole img"), box = root.querySelector(".box");
  const drawn = document.createElement("canvas"), [wide, high] = [whole.naturalWidth, whole.naturalHeight];
  Object.assign(drawn, { width: wide, height: high });
  drawn.getContext("2d").drawImage(whole, 0, 0);
  const share = (side) => parseFloat(box.style[side]) / 100;
  const [left, width] = [share("left") * wide, share("width") * wide].map(Math.round);
  const [top, height] = [share("top") * high, share("height") * high].map(Math.round);
  const colour = (of, x, y) => [...of.getContext("2d").getImageData(Math.floor(x), Math.floor(y), 1, 1).data];
  const places = [...Array(width * height).keys()].map((at) => [at % width, Math.floor(at / width)]);
  const [across, down] = [canvas.width / width, canvas.height / height];
  const cut = places.map(([x, y]) => colour(canvas, (x + 0.5) * across, (y + 0.5) * down));
  return [cut, places.map(([x, y]) => colour(drawn, left + x, top + y))];
}"""  # a patch's pixels, and those of the whole picture in its box


def layer(page: Page, name: str) -> Locator:
    return page.locator(f'.overview [data-name="{name}"]')


def all_units(page: Page) -> Locator:
    return page.get_by_role("slider", name=re.compile("^(Channels|Units)$"))


def places(page: Page) -> Locator:
    return page.get_by_role("slider", name="Places", exact=True)


def said(page: Page) -> Locator:
    return page.locator(".units .said")


def pixels(canvas: Locator) -> str:
    return str(canvas.evaluate("canvas => canvas.toDataURL()"))


def in_address(page: Page, **values: str | None) -> None:
    """Wait until the address says so; None: it does not say."""
    for name, value in values.items():
        here = re.compile(rf"[?&]{name}={value}(&|$)") if value is not None else re.compile(rf"^(?!.*[?&]{name}=)")
        expect(page).to_have_url(here)


def click_unit(page: Page, column: int, row: int, across: int, down: int) -> None:
    box = all_units(page).bounding_box()
    assert box is not None
    all_units(page).click(
        position={"x": box["width"] * (column + 0.5) / across, "y": box["height"] * (row + 0.5) / down}
    )


@everywhere
def test_a_layer_a_unit_and_a_place_by_pointer(visit: Visits, width: str, scheme: str) -> None:
    page = visit(LENET, width, scheme).page
    expect(layer(page, "c1")).to_be_checked()
    expect(said(page)).to_have_text(re.compile(r"^Channel \d is strong(est)? "))
    before, unit = pixels(page.locator(".map canvas")), all_units(page).get_attribute("aria-valuenow")
    row = 0 if unit != "0" else 1
    click_unit(page, 0, row, 3, 2)
    expect(all_units(page)).not_to_have_attribute("aria-valuenow", str(unit))
    assert pixels(page.locator(".map canvas")) != before
    places(page).click(position={"x": 2, "y": 2})
    expect(page.locator(".here")).to_have_text(re.compile(r"^Row 0, column 0: .* sees 3x3 px of the input"))
    in_address(page, layer="c1", y="0", x="0")
    layer(page, "s2").click()
    expect(layer(page, "s2")).to_be_checked()
    expect(page.get_by_role("paragraph").filter(has_text="s2: average pooling of 2x2")).to_be_visible()
    expect(page.locator(".kernels")).to_be_hidden()
    expect_fits_everywhere(page)


def test_by_keyboard_alone(visit: Visits) -> None:
    page = visit("layers?network=mnist/resnet&layer=stem&unit=3").page
    expect(said(page)).to_contain_text("Channel 3 is")
    layer(page, "stem").focus()
    page.keyboard.press("ArrowRight")
    expect(layer(page, "stem_norm")).to_be_focused()
    page.keyboard.press("ArrowRight")
    page.keyboard.press("ArrowRight")
    expect(layer(page, "block1_1_conv1")).to_be_checked()
    in_address(page, layer="block1_1_conv1")
    page.keyboard.press("End")
    expect(layer(page, "logits")).to_be_focused()
    expect(all_units(page)).to_have_attribute("aria-valuemax", "9")
    page.keyboard.press("Home")
    expect(layer(page, "image")).to_be_checked()
    expect(all_units(page)).to_have_attribute("aria-valuemax", "0")
    page.keyboard.press("ArrowRight")
    expect(all_units(page)).to_have_attribute("aria-valuemax", "15")
    all_units(page).focus()
    page.keyboard.press("Home")
    expect(said(page)).to_contain_text("Channel 0 is")
    page.keyboard.press("ArrowRight")
    page.keyboard.press("ArrowRight")
    expect(all_units(page)).to_have_attribute("aria-valuenow", "2")
    expect(said(page)).to_contain_text("Channel 2 is")
    in_address(page, unit="2", y=None)
    places(page).focus()
    page.keyboard.press("ArrowRight")
    page.keyboard.press("ArrowDown")
    expect(places(page)).to_have_attribute("aria-valuetext", re.compile(r"^row \d+, column \d+: .*sees 3x3 px"))
    expect(page).to_have_url(re.compile("[?&]y="))


def test_between_lanes_by_arrow_keys(visit: Visits) -> None:
    page = visit("layers?network=mnist/inception&layer=inception3a_1x1").page
    expect(layer(page, "inception3a_1x1")).to_be_checked()
    layer(page, "inception3a_1x1").focus()
    page.keyboard.press("ArrowDown")
    expect(layer(page, "inception3a_3x3_in")).to_be_focused()
    page.keyboard.press("ArrowUp")
    expect(layer(page, "inception3a_1x1")).to_be_focused()


def test_the_field_is_outlined_on_the_input(visit: Visits) -> None:
    """A place of c3 in the middle sees 14 of the 28 pixels; the outline is as large."""
    page = visit(f"{LENET}&layer=c3&unit=2&y=4&x=5").page
    expect(page.locator(".here")).to_contain_text("sees 14x14 px of the input, from row 6, column 8")
    box, whole = page.locator(".seen .box").bounding_box(), page.locator(".seen img").bounding_box()
    assert box is not None
    assert whole is not None
    assert box["width"] / whole["width"] == pytest.approx(14 / 28, abs=0.01)
    assert (box["x"] - whole["x"]) / whole["width"] == pytest.approx(8 / 28, abs=0.01)
    assert (box["y"] - whole["y"]) / whole["height"] == pytest.approx(6 / 28, abs=0.01)


INSIDE = """field => [...field.querySelectorAll(".spot")].map(spot => {
  const [one, all] = [spot, field].map(element => element.getBoundingClientRect());
  return one.left >= all.left && one.right <= all.right && one.top >= all.top && one.bottom <= all.bottom;
})"""


def test_the_strongest_places_can_be_looked_at(visit: Visits) -> None:
    """Two of this channel's three are in the last column: their numbers stay on the map, off its neighbour's title."""
    page = visit("layers?network=cifar10/resnet&layer=stem_relu&unit=4").page
    expect(page.locator(".spot")).to_have_count(3)
    inside = page.locator(".map .field").evaluate(INSIDE)
    assert inside == [True] * 3
    first = page.get_by_role("button", name=re.compile("^Strongest place 2"))
    text = first.get_attribute("aria-label") or ""
    first.click()
    row, column = re.findall(r"\d+", text.split(" in ")[1])
    expect(page.locator(".here")).to_contain_text(f"Row {row}, column {column}: ")
    in_address(page, y=row, x=column)


@on_both_widths
def test_many_units_are_one_picture(visit: Visits, width: str) -> None:
    page = visit("layers?network=imagenet/efficientnet_lite0&layer=head_relu6", width).page
    expect(all_units(page)).to_have_attribute("aria-valuemax", "1279")
    assert page.locator(".units *").count() < 60
    all_units(page).focus()
    page.keyboard.press("End")
    expect(said(page)).to_contain_text("Channel 1279 ")
    chosen, window = page.locator(".units .chosen").bounding_box(), page.locator(".units .window").bounding_box()
    assert chosen is not None
    assert window is not None
    assert window["y"] <= chosen["y"]
    assert chosen["y"] + chosen["height"] <= window["y"] + window["height"]  # it scrolled into sight
    expect_fits_everywhere(page)


def test_the_chosen_layer_is_in_sight(visit: Visits) -> None:
    page = visit("layers?network=imagenet/efficientnet_lite0&layer=block10_depthwise", "phone").page
    expect(layer(page, "block10_depthwise")).to_be_in_viewport()
    expect(layer(page, "stem")).not_to_be_in_viewport()


def test_one_scale_for_what_is_compared(visit: Visits) -> None:
    page = visit(f"{LENET}&layer=c5").page
    high = page.locator(".scale .high")
    expect(high).to_have_text("1")
    expect(page.get_by_text("Scale of the layer")).to_be_visible()
    page.get_by_role("radio", name="network").click()
    expect(high).not_to_have_text("1")
    in_address(page, scale="network")
    expect(page.get_by_text("Scale of the network")).to_be_visible()
    page.reload()
    expect(high).not_to_have_text("1")


def test_another_input_is_another_picture_of_the_same_unit(visit: Visits) -> None:
    page = visit(f"{LENET}&layer=c1&unit=3&input=sample-7").page
    expect(said(page)).to_contain_text("Channel 3 is")
    seven = pixels(page.locator(".map canvas"))
    page.get_by_role("radiogroup", name="Inputs").get_by_role("radio", name="Sample 3").click()
    expect(page.locator(".seen img")).to_have_attribute("alt", re.compile("^Sample 3"))
    expect(all_units(page)).to_have_attribute("aria-valuenow", "3")
    assert pixels(page.locator(".map canvas")) != seven


def test_what_one_sees_can_be_taken_home(visit: Visits) -> None:
    page = visit(f"{LENET}&layer=c3&unit=2").page
    expect(said(page)).to_contain_text("Channel 2 is")
    for label, name in (("Download all maps (PNG)", "c3-maps.png"), ("Download this map (PNG)", "c3-unit-2.png")):
        with page.expect_download() as download:
            page.get_by_role("button", name=label).click()
        assert download.value.suggested_filename == name
        with Image.open(Path(download.value.path())) as picture:
            assert picture.format == "PNG"


def test_the_way_on_keeps_all_choices(visit: Visits) -> None:
    page = visit(f"{LENET}&layer=c3&unit=2&y=4&x=5").page
    expect(said(page)).to_contain_text("Channel 2 is")
    link = page.get_by_role("link", name="One sum")
    asked = parse_qs(urlsplit(link.get_attribute("href") or "").query)
    wanted = {"network": "mnist/lenet", "input": "sample-7", "layer": "c3", "unit": "2", "y": "4", "x": "5"}
    assert asked == {name: [value] for name, value in wanted.items()}
    link.click()
    expect(page).to_have_url(re.compile("/arithmetic"))


def test_the_forward_pass_plays_from_the_pixels_to_the_answer(visit: Visits) -> None:
    page = visit(LENET, "phone").page
    shown = page.get_by_role("region", name="The forward pass, played")
    shown.get_by_role("button", name="Play").click()
    expect(shown.locator(".title")).to_have_text("image, 28x28x1")
    expect(shown.locator(".title")).to_have_text("c1, 28x28x6")
    expect(shown.locator(".stage.moving .map")).to_have_count(6)
    expect(shown.locator(".title")).to_have_text("The answer")
    expect(shown.get_by_role("button", name="Again")).to_be_visible()
    shares = shown.locator(".answer .fill").evaluate_all(
        "fills => fills.map((one) => one.style.getPropertyValue('--share'))"
    )
    assert sum(map(float, shares)) == pytest.approx(1, abs=1e-3)
    expect(shown.locator(".text")).to_contain_text("LeNet-5 says 7")
    expect_fits(page)


def test_the_forward_pass_is_walked_by_keys_and_holds_still_for_who_asks_for_it(visit: Visits) -> None:
    page = visit(LENET).page
    page.emulate_media(reduced_motion="reduce")
    film = page.get_by_role("slider", name="Layer of the forward pass")
    stage = page.get_by_role("region", name="The forward pass, played").locator(".stage")
    film.press("ArrowRight")
    expect(stage.locator(".title")).to_have_text("c1, 28x28x6")
    film.press("End")
    expect(stage.locator(".title")).to_have_text("The answer")
    page.get_by_role("button", name="Again").click()
    expect(stage.locator(".title")).to_have_text("image, 28x28x1")
    assert "moving" not in (stage.get_attribute("class") or "")


def test_real_pictures_that_excite_a_unit_are_cut_out_of_the_whole(visit: Visits) -> None:
    page = visit(f"{LENET}&layer=c3&unit=4", "phone", "dark").page
    page.get_by_text("Real pictures that excite this channel most, and least").click()
    most, least = (
        page.get_by_role("group", name=name).get_by_role("button") for name in ("Excite it most", "Excite it least")
    )
    expect(most).to_have_count(9, timeout=60_000)
    expect(least).to_have_count(9)
    in_address(page, pictures="true")
    most.nth(0).focus()
    page.keyboard.press("ArrowDown")
    expect(most.nth(3)).to_be_focused()
    expect(most.nth(3)).to_have_attribute("aria-pressed", "true")
    least.nth(8).click()
    expect(most.nth(3)).to_have_attribute("aria-pressed", "false")
    expect(page.locator(".examples .said")).to_have_text(least.nth(8).get_attribute("aria-label") or "")
    for tile in (least.nth(8), most.nth(4)):
        tile.click()
        cut, whole = tile.locator("canvas").evaluate(SAME_PLACES)
        assert cut == whole
    expect_fits_everywhere(page)
