"""Strokes or any picture -> what a network trained on MNIST expects to see. May import no other room."""

from cnn.preprocessing.digits import from_picture, from_strokes
from cnn.preprocessing.results import Digit, Nothing, Reading, Stage, Steps

__all__ = ["Digit", "Nothing", "Reading", "Stage", "Steps", "from_picture", "from_strokes"]
