"""What the pages Layers, Convolution, Evidence and Ablation compute and show; a file's prefix is its page's address.

May import `components`, `images`, `resources`, `selection` and `text`.
"""
