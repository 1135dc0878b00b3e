"""The same networks trained in PyTorch: `PYTHON -P bench/torch_side.py lenet digits.npz 32 40 5`, in one that has it.

It imports nothing of ConvScope. `digits.npz` holds `images`, float32 (n, 28, 28, 1) in [0, 1], and `labels`; then come
the pictures a step, steps that are not timed, and windows of a second that are. It prints one line of JSON: pictures a
second, by the layout of memory that is the faster one, and on how many threads.
"""

from __future__ import annotations

import json
import sys
from itertools import pairwise
from statistics import median
from time import perf_counter
from typing import Any

import numpy as np
import torch
from torch import nn
from torch.nn import functional


class Block(nn.Module):
    """A residual block with an identity shortcut: every second pixel, and zeros for new channels."""

    def __init__(self, channels: int, filters: int, stride: int) -> None:
        super().__init__()
        self.stride, self.missing = stride, filters - channels
        self.inner = nn.Sequential(*convolved(channels, filters, stride), *convolved(filters, filters)[:-1])

    def forward(self, maps: Any) -> Any:
        """Add what the block makes of `maps` to them."""
        kept = functional.pad(maps[:, :, :: self.stride, :: self.stride], (0, 0, 0, 0, 0, self.missing))
        return torch.relu(kept + self.inner(maps))


def convolved(channels: int, filters: int, stride: int = 1) -> list[Any]:
    """Make a 3x3 convolution without bias, batch normalisation and ReLU."""
    return [nn.Conv2d(channels, filters, 3, stride, 1, bias=False), nn.BatchNorm2d(filters), nn.ReLU()]


def lenet() -> Any:
    """Make LeNet-5."""
    return nn.Sequential(
        *(nn.Conv2d(1, 6, 5, padding=2), nn.Tanh(), nn.AvgPool2d(2)),
        *(nn.Conv2d(6, 16, 5), nn.Tanh(), nn.AvgPool2d(2), nn.Flatten()),
        *(nn.Linear(400, 120), nn.Tanh(), nn.Linear(120, 84), nn.Tanh(), nn.Linear(84, 10)),
    )


def vgg() -> Any:
    """Make the small VGG."""
    stages = [
        [*convolved(before, filters), *convolved(filters, filters), nn.MaxPool2d(2)]
        for before, filters in pairwise((1, 32, 64, 128))
    ]
    head = [nn.Flatten(), nn.Dropout(0.3), nn.Linear(1152, 256), nn.ReLU(), nn.Dropout(0.3), nn.Linear(256, 10)]
    return nn.Sequential(*(one for stage in stages for one in stage), *head)


def resnet() -> Any:
    """Make ResNet-20."""
    filters = [16 * 2 ** (at // 3) for at in range(9)]
    blocks = [Block(before, after, after // before) for before, after in pairwise([16, *filters])]
    return nn.Sequential(*convolved(1, 16), *blocks, nn.AdaptiveAvgPool2d(1), nn.Flatten(), nn.Linear(64, 10))


def pictures_per_second(model: Any, inputs: Any, targets: Any, batch: int, warm_up: int, windows: int) -> float:
    """Train by SGD with momentum on batches drawn at random; the median of windows of a second each."""
    optimizer = torch.optim.SGD(model.parameters(), 0.05, momentum=0.9)
    rng = np.random.default_rng(0)

    def step() -> None:
        chosen = torch.from_numpy(rng.integers(0, len(inputs), batch))
        optimizer.zero_grad()
        functional.cross_entropy(model(inputs[chosen]), targets[chosen]).backward()
        optimizer.step()

    for _ in range(warm_up):
        step()
    speeds = []
    for _ in range(windows):
        steps, started = 0, perf_counter()
        while perf_counter() - started < 1:
            step()
            steps += 1
        speeds.append(steps * batch / (perf_counter() - started))
    return median(speeds)


def main(name: str, digits: str, batch: str, warm_up: str, windows: str) -> None:
    """Measure in both layouts."""
    with np.load(digits) as arrays:
        inputs = torch.from_numpy(arrays["images"].transpose(0, 3, 1, 2).copy())  # (n, 1, 28, 28)
        targets = torch.from_numpy(arrays["labels"])
    found = {}
    for layout in (torch.contiguous_format, torch.channels_last):
        model = {"lenet": lenet, "vgg": vgg, "resnet": resnet}[name]().to(memory_format=layout)
        laid_out = inputs.contiguous(memory_format=layout)
        found[str(layout)] = pictures_per_second(model, laid_out, targets, int(batch), int(warm_up), int(windows))
    print(json.dumps({"value": max(found.values()), "threads": torch.get_num_threads(), "layouts": found}))


if __name__ == "__main__":
    main(*sys.argv[1:])
