"""Strokes or any picture -> what a network trained on MNIST expects to see. May import no other room."""

from cnn.preprocessing.digits import from_picture, from_strokes
from cnn.preprocessing.results import Digit, NoDigit, PreprocessingStage, PreprocessingSteps, Reading

__all__ = ["Digit", "NoDigit", "PreprocessingStage", "PreprocessingSteps", "Reading", "from_picture", "from_strokes"]
