"""What the pages Compare and Robustness compute and show.

May import `components`, `images`, `resources`, `selection` and `text`.
"""
