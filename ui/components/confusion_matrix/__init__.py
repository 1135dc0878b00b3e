"""A confusion matrix; one cell is chosen, by mouse, finger or arrow keys."""
