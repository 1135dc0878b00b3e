"""Change pictures on purpose, more and more, to see when a network no longer knows them. No TensorFlow.

May import no other room.
"""

from cnn.perturbations.perturbation import Perturbation
from cnn.perturbations.registry import PERTURBATIONS, applicable_perturbations, find_perturbation

__all__ = ["PERTURBATIONS", "Perturbation", "applicable_perturbations", "find_perturbation"]
