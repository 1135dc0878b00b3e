"""Walks prepared scenes on a projector, by arrow keys, a presenter's page keys, or its two buttons."""
