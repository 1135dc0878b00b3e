"""What the pages Draw, Photo and Video compute and show; a file's prefix is its page.

May import `components`, `images`, `resources`, `selection` and `text`.
"""
