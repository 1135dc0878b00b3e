"""The most probable classes, the best first; one is chosen, to ask why."""
