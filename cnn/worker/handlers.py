"""Which request is answered how, and the networks that were asked last. Importing this loads TensorFlow."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Mapping
from functools import cached_property
from pathlib import Path
from typing import Any, Final

import numpy as np

from cnn import zoo
from cnn.array_types import Array
from cnn.attribution import adversarial, attribute, faithfulness, feature_visualization, keras_hooks, sanity_check
from cnn.attribution.gradient_model import GradientModel
from cnn.attribution.results import (
    AdversarialNudge,
    AttributionMap,
    FaithfulnessCurves,
    FeatureVisualization,
    RandomizationResult,
)
from cnn.backpropagation import training_step
from cnn.backpropagation.results import TrainingStep
from cnn.errors import ConvScopeError
from cnn.export import keras_twin
from cnn.keras_backend import keras
from cnn.layers.litert_backbone import LiteRTBackbone
from cnn.progress import Progress, ProgressSteps, timed_steps
from cnn.worker.protocol import (
    AttributionRequest,
    FaithfulnessRequest,
    NudgeRequest,
    RandomizationRequest,
    Request,
    TrainingStepRequest,
    VisualizationRequest,
)
from cnn.zoo.litert_runner import HEAVY_MULTIPLY_ADDS, RUNNER_THREADS

MAX_PARAMETERS: Final = 200_000_000  # of all networks in memory: VGG16 and small ones; 4 bytes each


class NetworkEngines:
    """A network as it is asked: Keras for gradients, LiteRT for answers alone."""

    def __init__(self, name: str, folder: Path) -> None:
        """Load it.

        Raises: UnknownName, BrokenNetwork.
        """
        self.name, self.folder = name, folder
        self.network = zoo.load_network(name, folder)
        self.scores, self.temperature = self.network.runner, self.network.card.temperature

    def calibrated_scores(self, images: Array) -> Array:
        """Give logits whose softmax is what the pages show: divided by the network's temperature."""
        return self.scores(images) / np.float32(self.temperature)

    @cached_property
    def gradient_model(self) -> GradientModel:
        """Compile its Keras twin as far as needed."""
        model = self.twin()
        return GradientModel(model, self._trunk(keras_hooks.last_spatial_layer(model)))

    def _trunk(self, layer: str) -> LiteRTBackbone | None:
        """Open the fast way to the last maps, where there is one."""
        threads = RUNNER_THREADS if self.network.card.multiply_adds >= HEAVY_MULTIPLY_ADDS else 1
        try:
            return LiteRTBackbone(self.name, layer, self.folder, threads)
        except (ConvScopeError, KeyError):
            return None

    def check(self, image: Array, label: int) -> None:
        """Refuse what the network cannot answer.

        Raises: BadInput: a wrong shape, or a label out of range.
        """
        self.gradient_model.check_input(image, label)

    def twin(self) -> keras.Model:
        """Build it anew, for who changes its weights."""
        return keras_twin.build_keras_twin(self.name, self.network.runner.shape, self.folder)


class RequestHandler:
    """Begins to answer; keeps the networks that were asked last."""

    def __init__(self) -> None:
        self._kept: OrderedDict[tuple[Path, str], NetworkEngines] = OrderedDict()

    def start(self, request: Request[Any]) -> ProgressSteps[Any]:
        """Begin to answer a request of any kind in HANDLERS."""
        return HANDLERS[type(request)](self, request)

    def engines(self, name: str, folder: Path) -> NetworkEngines:
        """Look up or load a network; those asked longest ago make room.

        Raises: UnknownName, BrokenNetwork.
        """
        key = folder, name
        if key not in self._kept:
            needed = zoo.read_card(name, folder).parameters
            while self._kept and sum(one.network.card.parameters for one in self._kept.values()) + needed > (
                MAX_PARAMETERS
            ):
                self._kept.popitem(last=False)
            self._kept[key] = NetworkEngines(name, folder)
        self._kept.move_to_end(key)
        return self._kept[key]


def _attribute(handler: RequestHandler, request: AttributionRequest) -> ProgressSteps[AttributionMap]:
    engines = handler.engines(request.network, request.folder)
    engines.check(request.image, request.label)
    found, milliseconds = yield from timed_steps(
        attribute.compute_attribution(request.method, engines, request.image, request.label, request.layer)
    )
    return AttributionMap(found, milliseconds)


def _measure_faithfulness(handler: RequestHandler, request: FaithfulnessRequest) -> ProgressSteps[FaithfulnessCurves]:
    engines = handler.engines(request.network, request.folder)
    engines.check(request.image, request.label)
    return faithfulness.faithfulness_curves(engines.calibrated_scores, request.image, request.label, request.heat)


def _randomize(handler: RequestHandler, request: RandomizationRequest) -> ProgressSteps[RandomizationResult]:
    engines = handler.engines(request.network, request.folder)
    engines.check(request.image, request.label)
    return sanity_check.cascading_randomization(
        engines.twin(), request.method, request.image, request.label, temperature=engines.temperature
    )


def _visualize(handler: RequestHandler, request: VisualizationRequest) -> ProgressSteps[FeatureVisualization]:
    model = handler.engines(request.network, request.folder).gradient_model.model
    return feature_visualization.visualize_unit(model, request.layer, request.unit, request.steps, request.seed)


def _take_training_steps(handler: RequestHandler, request: TrainingStepRequest) -> ProgressSteps[TrainingStep]:
    engines = handler.engines(request.network, request.folder)
    engines.check(request.image, request.asked.label)
    yield Progress(0)
    return training_step.take_training_steps(engines.twin(), request.image, request.asked)


def _nudge(handler: RequestHandler, request: NudgeRequest) -> ProgressSteps[AdversarialNudge]:
    engines = handler.engines(request.network, request.folder)
    engines.check(request.image, 0)
    return adversarial.adversarial_nudge(engines.gradient_model, engines.calibrated_scores, request.image)


# A new kind of request is one line here.
HANDLERS: Final[Mapping[type[Request[Any]], Callable[[RequestHandler, Any], ProgressSteps[Any]]]] = {
    AttributionRequest: _attribute,
    FaithfulnessRequest: _measure_faithfulness,
    NudgeRequest: _nudge,
    RandomizationRequest: _randomize,
    TrainingStepRequest: _take_training_steps,
    VisualizationRequest: _visualize,
}
