"""The mean colour of ImageNet, which networks have taken off their input, and how far colours lie around it."""

from typing import Final

CAFFE_MEAN: Final = (103.939, 116.779, 123.68)  # ImageNet's blue, green, red, of 255; see `CaffeInput`
RGB_MEAN: Final = (0.485, 0.456, 0.406)  # of ImageNet's red, green, blue in [0, 1], as PyTorch's networks take it
RGB_DEVIATION: Final = (0.229, 0.224, 0.225)  # the same of their standard deviations
RGB_SCALE_OFFSET: Final = (  # x * scale + offset is (x - mean) / deviation
    [1 / deviation for deviation in RGB_DEVIATION],
    [-mean / deviation for mean, deviation in zip(RGB_MEAN, RGB_DEVIATION, strict=True)],
)
