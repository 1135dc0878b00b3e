"""What all sessions share: loaded networks, background jobs, the gradient worker's client. Every cache is bounded.

May import `images` and `text`.
"""
