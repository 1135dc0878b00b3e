"""The page of one's own networks: what each is, where it opens, and what it is called.

May import `components`, `images`, `resources`, `selection` and `text`.
"""
