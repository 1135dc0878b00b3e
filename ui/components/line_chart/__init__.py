"""Curves in one chart: a small drawing of our own, read by mouse, finger, keys, or as a table."""
