"""Places of real pictures that excite a unit most and least, cut out, and the picture that one of them is of."""
