"""A small chart: points with their intervals, or bars, on two axes; drawn in the browser without a library."""
