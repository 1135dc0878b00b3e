"""The page on which one teaches classes of one's own.

May import `components`, `images`, `resources`, `selection` and `text`.
"""
