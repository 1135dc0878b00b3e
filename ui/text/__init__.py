"""The wording of numbers, layers and answers. May import nothing of `ui`."""
