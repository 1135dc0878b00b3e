"""What a class shares: rooms in which everyone predicts before the network speaks, and scenes for the projector.

May import `components`, `images`, `resources`, `selection` and `text`.
"""
