"""A clip's frames and what networks say of them, over time; one frame is chosen, by pointer or keys."""
