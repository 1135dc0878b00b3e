"""The child process that computes gradients: `python -m cnn.explain.worker`. It ends when its parent does.

It reads jobs from standard input and writes heat maps to standard output, each a pickle behind its length;
`cnn.explain.client` is the other end. Only the parent that started it can write to it.
"""

from __future__ import annotations

import os
import sys
from collections import OrderedDict
from collections.abc import Callable
from time import perf_counter
from typing import BinaryIO, Final

import numpy as np
import numpy.typing as npt

from cnn.errors import ConvScopeError
from cnn.explain.jobs import READY, Heat, Job, receive, send

Array = npt.NDArray[np.float32]
Evidence = Callable[[Array, int], Array]

MOST_PARAMETERS: Final = 200_000_000  # of all networks in memory: VGG16 and small ones; 4 bytes each


def main() -> None:
    """Answer jobs one after the other, for as long as the parent lives."""
    entry, out = sys.stdin.buffer, _own_output()
    networks = _Networks()
    send(out, READY)
    while (job := receive(entry)) is not None:
        send(out, _answer(networks, job))


def _own_output() -> BinaryIO:
    """Keep standard output for answers: what else is printed goes to standard error."""
    out = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)
    import cnn.explain.cam  # noqa: F401  seconds: TensorFlow

    return out


class _Networks:
    """Compiled networks, the longest unused first."""

    def __init__(self) -> None:
        self._made: OrderedDict[tuple[object, ...], tuple[Evidence, int]] = OrderedDict()

    def evidence(self, job: Job) -> Evidence:
        """Look up or prepare the method of a job."""
        from cnn.explain import cam, twins

        key = (job.folder, job.network, job.layer)
        if key not in self._made:
            model = twins.load(job.network, job.image.shape, job.folder)
            self._make_room(model.count_params())
            self._made[key] = cam.grad_cam(model, job.layer), model.count_params()
        self._made.move_to_end(key)
        return self._made[key][0]

    def _make_room(self, needed: int) -> None:
        while self._made and sum(parameters for _, parameters in self._made.values()) + needed > MOST_PARAMETERS:
            self._made.popitem(last=False)


def _answer(networks: _Networks, job: Job) -> Heat | str:
    """Do a job; what goes wrong is told in words."""
    try:
        evidence = networks.evidence(job)
        started = perf_counter()
        return Heat(evidence(job.image, job.label), (perf_counter() - started) * 1000)
    except ConvScopeError as error:
        return str(error)
    except Exception as error:  # TensorFlow raises whatever it likes; the next job is still answered
        return f"The evidence could not be computed ({type(error).__name__})."


if __name__ == "__main__":
    main()
