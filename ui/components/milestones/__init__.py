"""A line of time with a few milestones on it; one is chosen, by mouse, finger or arrow keys."""
