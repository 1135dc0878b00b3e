"""The Train page: what is trained and how, the run as it learns, and any moment of it.

May import `components`, `images`, `resources`, `selection` and `text`.
"""
