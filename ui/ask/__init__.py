"""What the pages Draw, Photo and Video compute and show; a file's prefix is its page."""
