"""Run a .tflite file with LiteRT, from many threads, one input or a batch. No TensorFlow."""

from __future__ import annotations

import os
from concurrent.futures import ThreadPoolExecutor
from functools import cache
from queue import SimpleQueue
from threading import Lock
from time import perf_counter

import numpy as np
from ai_edge_litert.interpreter import Interpreter

from cnn.array_types import Array
from cnn.zoo.features_in_tflite import return_features_too

RUNNER_BATCH = 16  # inputs a call where there are many: what 256 leave behind would not fit in the cache
RUNNER_THREADS = min(2, os.cpu_count() or 1)  # for a batch, and for one input of a heavy network
HEAVY_MULTIPLY_ADDS = 5_000_000  # multiply-adds: from here on a second thread saves more than waking it costs
LARGE_BYTES = 16 * 2**20  # of a .tflite file: from here on what two batches leave behind would cost too much memory


class LiteRTRunner:
    """A network's engine: one interpreter for single inputs, and for batches one of one thread for each core.

    Of many inputs each core answers parts of its own. Two threads of one interpreter wait for each other after every
    layer: with 16 inputs of VGG or ResNet-20 at once they took 1.3 to 1.5 times as long as two interpreters do. A large
    network has one interpreter for batches, with all threads.

    An interpreter raises when two threads call it, so each has a lock.
    """

    def __init__(self, model: bytes, threads: int = 1, output: str | None = None, features: bool = False) -> None:
        """Read the flat buffer `model` and run it once, so that the first answer is as fast as any.

        Args:
            model: the content of a .tflite file.
            threads: for a single input; a second one only pays from about HEAVY multiply-adds on.
            output: the layer that is wanted of a file that returns several; its only output where None.
            features: `run_with_features` will be asked, of a network of taught classes.
        Raises: ValueError: `model` is no .tflite file, or has no such output.
            BrokenNetwork: it has no features.
        """
        self.model = model
        self.output, self._features = output, features
        self._engine = return_features_too(model, "The file") if features else model
        self._batch = 1 if output else RUNNER_BATCH  # the maps of all layers stay in memory, of each input of a batch
        self._single = _Interpreter(self._engine, 1, threads, output)
        self._many: SimpleQueue[_Interpreter] | None = None
        self._making = Lock()

    def clone(self) -> LiteRTRunner:
        """Make another engine of the same network, of one thread, which waits for no other."""
        return LiteRTRunner(self.model, output=self.output, features=self._features)

    @property
    def shape(self) -> tuple[int, int, int]:
        """(height, width, channels) of one input."""
        return self._single.shape

    def __call__(self, inputs: Array) -> Array:
        """Compute logits, float32 (n, classes), of inputs, float32 (n, height, width, channels)."""
        return self.run_timed(inputs)[0]

    def run_timed(self, inputs: Array) -> tuple[Array, float]:
        """Compute logits and the milliseconds that the network took for one input, on average."""
        rows, spent = self._run(inputs)
        return rows[:, : self._single.classes] if self._features else rows, spent

    def run_with_features(self, inputs: Array) -> tuple[Array, Array, float]:
        """Compute logits, the features of the trunk, float32 (n, features), and those milliseconds.

        Raises: ValueError: that was not asked for at first.
        """
        if not self._features:
            raise ValueError("This engine was made without features.")
        rows, spent = self._run(inputs)
        return rows[:, : self._single.classes], rows[:, self._single.classes :], spent

    def _run(self, inputs: Array) -> tuple[Array, float]:
        """Compute rows of logits, the features behind them where they are wanted."""
        if len(inputs) >= self._batch > 1:
            parts, abreast = self._run_batches(inputs), 1 if self._large else RUNNER_THREADS
        else:
            parts, abreast = [self._single.run(inputs[i : i + 1]) for i in range(len(inputs))], 1
        rows = [part for part, _ in parts]
        spent = sum(milliseconds for _, milliseconds in parts) / abreast
        empty = np.zeros((0, self._single.width), np.float32)
        return (np.concatenate(rows) if rows else empty), spent / max(1, len(inputs))

    def _run_batches(self, inputs: Array) -> list[tuple[Array, float]]:
        engines = self._batches()

        def run(start: int) -> tuple[Array, float]:
            engine = engines.get()
            try:
                return engine.run(inputs[start : start + RUNNER_BATCH])
            finally:
                engines.put(engine)

        starts = range(0, len(inputs), RUNNER_BATCH)
        return list(map(run, starts) if self._large else _cores().map(run, starts))

    def _batches(self) -> SimpleQueue[_Interpreter]:
        """Give the interpreters that are free to take a batch."""
        with self._making:
            if self._many is None:
                self._many = SimpleQueue()
                for _ in range(1 if self._large else RUNNER_THREADS):
                    self._many.put(_Interpreter(self._engine, RUNNER_BATCH, RUNNER_THREADS if self._large else 1))
            return self._many

    @property
    def _large(self) -> bool:
        return len(self.model) >= LARGE_BYTES


@cache
def _cores() -> ThreadPoolExecutor:
    """Give the threads that answer batches, one a core, whichever network and session asks."""
    return ThreadPoolExecutor(RUNNER_THREADS, "batch")


class _Interpreter:
    """One LiteRT interpreter for a fixed number of inputs."""

    def __init__(self, model: bytes, batch: int, threads: int, output: str | None = None) -> None:
        self._interpreter = Interpreter(model_content=model, num_threads=threads)
        place = self._interpreter.get_input_details()[0]
        height, width, channels = (int(side) for side in place["shape"][1:])
        self.shape = height, width, channels
        self._lock = Lock()
        self._in = place["index"]
        self._interpreter.resize_tensor_input(self._in, (batch, *self.shape))
        self._interpreter.allocate_tensors()
        outputs = [one["index"] for one in self._interpreter.get_output_details()]
        self._out = outputs if output is None else [self._place(output)]
        self._batch = batch
        self.width = self.run(np.zeros((1, *self.shape), np.float32))[0].shape[1]
        self.classes = int(self._interpreter.get_tensor(self._out[0]).shape[-1])

    def _place(self, output: str) -> int:
        found = self._interpreter.get_signature_runner().get_output_details()
        if output not in found:
            raise ValueError(f"The file returns no {output!r}, only: {', '.join(found)}.")
        return int(found[output]["index"])

    def run(self, inputs: Array) -> tuple[Array, float]:
        """Answer up to `batch` inputs; the rest of the batch is filled with zeros."""
        count = len(inputs)
        if count < self._batch:
            inputs = np.concatenate([inputs, np.zeros((self._batch - count, *self.shape), np.float32)])
        with self._lock:
            started = perf_counter()
            self._interpreter.set_tensor(self._in, np.ascontiguousarray(inputs, np.float32))
            self._interpreter.invoke()
            found: list[Array] = [self._interpreter.get_tensor(one) for one in self._out]
            spent = (perf_counter() - started) * 1000
        rows = found[0] if len(found) == 1 else np.concatenate(found, axis=1)
        return rows[:count], spent
