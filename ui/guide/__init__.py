"""What the pages Home, Architectures and Help show.

May import `components`, `images`, `resources`, `selection` and `text`.
"""
