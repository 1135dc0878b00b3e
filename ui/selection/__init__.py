"""What a person chooses: networks, inputs, files, and what of it stands in the address.

May import `components`, `images`, `resources` and `text`.
"""
