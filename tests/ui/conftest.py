"""What all tests of this folder share."""

from tests.support.app_runs import keras_stays_as_it_is

__all__ = ["keras_stays_as_it_is"]
