"""A whole network from left to right, one of whose layers is chosen, by mouse, finger or arrow keys."""
