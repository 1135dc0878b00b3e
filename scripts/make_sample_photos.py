"""Write assets/photos: the sample photos, some of CIFAR-10 and some made small from scikit-image, and their list.

Needs `pip install scikit-image==0.26.0`, which the app does not; nothing else is downloaded. Only photos
whose licence the package states as CC0 or the public domain are taken (skimage/data/_fetchers.py). Those of CIFAR-10
are among the test pictures that come with the app: every network of CIFAR-10, EfficientNet-Lite0 and ResNet-50 name
them rightly.
"""

import json
from importlib.util import find_spec
from pathlib import Path

from PIL import Image

from cnn.datasets import evaluation_sets
from cnn.paths import ASSETS

TARGET = ASSETS / "photos"
LONGER_PX = 512
QUALITY = 85  # of a JPEG; the largest is about 60 kB

# (name, file here, file in scikit-image, licence, author, where it came from), in the order of the page
PHOTOS = (
    ("Cat", "cat.jpg", "chelsea.png", "CC0", "Stefan van der Walt", ""),
    ("Coffee", "coffee.jpg", "coffee.png", "CC0", "Rachel Michetti", ""),
    (
        "Rocket",
        "rocket.jpg",
        "rocket.jpg",
        "public domain",
        "SpaceX",
        "https://www.flickr.com/photos/spacexphotos/16511594820/",
    ),
    ("Astronaut", "astronaut.jpg", "astronaut.png", "public domain", "NASA", "https://flic.kr/p/r9qvLn"),
    ("Camera", "camera.jpg", "camera.png", "CC0", "Lav Varshney", ""),
    (
        "Retina",
        "retina.jpg",
        "retina.jpg",
        "CC0",
        "Mikael Häggström",
        "https://commons.wikimedia.org/wiki/File:Fundus_photograph_of_normal_left_eye.jpg",
    ),
    (
        "Galaxies",
        "galaxies.jpg",
        "hubble_deep_field.jpg",
        "public domain",
        "NASA",
        "http://hubblesite.org/newscenter/archive/releases/2012/37/image/a/",
    ),
)
CIFAR10 = (("Horse", 133), ("Ship", 566), ("Truck", 1350), ("Dog", 1631))  # (name, number of the picture)
ORDER = ("Cat", *(name for name, _ in CIFAR10), "Rocket")  # five easy ones, a trap; then the others
TRAPS = {
    "Rocket": "A trap: a rocket on its launch pad. These networks learned no class for that, "
    "so they name what looks like it."
}


def main() -> None:
    """Write every photo at most LONGER_PX long, and photos.json."""
    TARGET.mkdir(parents=True, exist_ok=True)
    entries = [entry_of_cifar10(name, number) for name, number in CIFAR10]
    for name, file, original, licence, author, place in PHOTOS:
        shrink(data_folder() / original, TARGET / file)
        source = f"scikit-image 0.26.0, data/{original}" + (f", from {place}" if place else "")
        entries.append({"name": name, "file": file, "licence": licence, "source": source, "author": author})
    entries.sort(key=lambda entry: ORDER.index(entry["name"]) if entry["name"] in ORDER else len(ORDER))
    entries = [entry | ({"trap": TRAPS[entry["name"]]} if entry["name"] in TRAPS else {}) for entry in entries]
    text = json.dumps(entries, indent=2, ensure_ascii=False) + "\n"
    (TARGET / "photos.json").write_text(text, encoding="utf-8")


def entry_of_cifar10(name: str, number: int) -> dict[str, str]:
    """Write one of CIFAR-10's test pictures as it is, 32x32 pixels, and describe it."""
    file = f"{name.lower()}.png"
    pixels = evaluation_sets.find_picture_set("cifar10-2000").read().images[number]
    Image.fromarray(pixels).save(TARGET / file, optimize=True)
    source = f"CIFAR-10's test pictures, number {number} of assets/held_out/cifar10_test2000.zip"
    author = "Alex Krizhevsky, Vinod Nair and Geoffrey Hinton"
    return {"name": name, "file": file, "licence": "none stated", "source": source, "author": author}


def data_folder() -> Path:
    """Find scikit-image's pictures."""
    package = find_spec("skimage")
    if package is None or package.origin is None:
        raise SystemExit("scikit-image is not installed: pip install scikit-image==0.26.0")
    return Path(package.origin).parent / "data"


def shrink(source: Path, target: Path) -> None:
    """Save `source` as a colour JPEG of at most LONGER_PX on its longer side, without its metadata."""
    with Image.open(source) as opened:
        picture = opened.convert("RGB")
    picture.thumbnail((LONGER_PX, LONGER_PX), Image.Resampling.LANCZOS)
    picture.info.clear()
    picture.save(target, quality=QUALITY, optimize=True)


if __name__ == "__main__":
    main()
