"""A network as a column of boxes: how wide the maps are, how many, what makes them, and what that costs."""
