"""Answers of loaded networks: digits, photos, clips. May import `media`, `metrics`, `preprocessing` and `zoo`."""
