"""A window that slides over a map by itself, with the sum that it makes at each place."""
