"""What the pages Layers, Arithmetic, Evidence and Lesion lab compute and show; a file's prefix is its page.

May import `components`, `images`, `resources`, `selection` and `text`.
"""
