"""Write assets/photos: the sample photos, made small from those inside the scikit-image package, and their list.

Needs `pip install scikit-image==0.26.0`, which the app does not; nothing else is downloaded. Only photos
whose licence the package states as CC0 or the public domain are taken (skimage/data/_fetchers.py).
"""

import json
from importlib.util import find_spec
from pathlib import Path

from PIL import Image

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


def main() -> None:
    """Write every photo at most LONGER_PX long, and photos.json."""
    TARGET.mkdir(parents=True, exist_ok=True)
    entries = []
    for name, file, original, licence, author, place in PHOTOS:
        shrink(data_folder() / original, TARGET / file)
        source = f"scikit-image 0.26.0, data/{original}" + (f", from {place}" if place else "")
        entries.append({"name": name, "file": file, "licence": licence, "source": source, "author": author})
    text = json.dumps(entries, indent=2, ensure_ascii=False) + "\n"
    (TARGET / "photos.json").write_text(text, encoding="utf-8")


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
