"""The wording of numbers, layers and answers. May import no other room."""
