"""What the papers built, as tables, and what our own trainings of residual networks showed. May import `graph`."""
