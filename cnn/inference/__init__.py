"""Answers of loaded networks: digits, photos, clips. May import `zoo`, `metrics`, `media` and `preprocessing`."""
