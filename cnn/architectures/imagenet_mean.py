"""The mean colour of ImageNet, which networks from Caffe have taken off their input."""

from typing import Final

CAFFE_MEAN: Final = (103.939, 116.779, 123.68)  # ImageNet's blue, green, red, of 255; see `CaffeInput`
