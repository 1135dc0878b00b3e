"""The web page that one takes home, opened from a disk, against LiteRT on the server."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory
from zipfile import ZipFile

from bench.browser import chromium
from bench.engines import ONNX_TOOLS
from bench.figure import Missing, Sample, need
from bench.photo import NETWORK, PHOTO
from bench.timing import medians
from cnn import zoo
from cnn.bundle import client
from cnn.inference import photo_classification
from cnn.media import image_decoding

ROUNDS = 15
PATIENCE_MS = 120_000
NAMES = ("cifar10/resnet", NETWORK)
ASK = """async () => {
  const started = performance.now();
  await window.askAgain();
  return performance.now() - started;
}"""


def measure(folder: Path) -> Iterator[Sample]:
    """Time a decoded photo to its answer, on both sides with the way into the network's own size.

    The page looks at no more than 1,024 px, makes the photo small inside the graph, and has one thread.
    """
    need(ONNX_TOOLS)
    shipped = [name for name in NAMES if name in zoo.network_names(folder=folder)]
    if not shipped:
        raise Missing(f"Neither {' nor '.join(NAMES)} is shipped.")
    pixels = image_decoding.decode_image(PHOTO.read_bytes(), "").pixels
    with chromium() as browser:
        for name in shipped:
            with TemporaryDirectory() as out:
                client.export_network(name, packed := Path(out) / "network.zip", files=[client.FORMATS["onnx"]])
                with ZipFile(packed) as held:
                    held.extractall(out)
                page = browser.new_page()
                page.goto(next(Path(out).rglob("index.html")).as_uri())
                page.locator("#tools").wait_for(timeout=PATIENCE_MS)
                page.locator("#file").set_input_files(PHOTO)
                page.locator("#bars li").first.wait_for(timeout=PATIENCE_MS)
                network = zoo.load_network(name, folder)
                theirs, ours = medians(
                    [lambda: photo_classification.classify_photo(network, pixels), lambda: page.evaluate(ASK)],  # noqa: B023
                    ROUNDS,
                )
                page.close()
            detail = f"a photo of {pixels.shape[1]}x{pixels.shape[0]} px, median of {ROUNDS} in turns; theirs: LiteRT"
            yield Sample(ours, theirs, detail, name)
