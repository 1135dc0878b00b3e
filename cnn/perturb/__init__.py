"""Change pictures on purpose, more and more, to see when a network no longer knows them. No TensorFlow."""

from cnn.perturb.perturbation import Perturbation
from cnn.perturb.table import PERTURBATIONS, fitting, perturbation

__all__ = ["PERTURBATIONS", "Perturbation", "fitting", "perturbation"]
