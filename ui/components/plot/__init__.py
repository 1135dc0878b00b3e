"""Curves, dots with their intervals, or bars on two axes: read by mouse, finger and keys, spoken, or as a table."""
