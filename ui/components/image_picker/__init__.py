"""Photos or digits side by side, each with a few words; one is chosen, by mouse, finger or arrow keys."""
