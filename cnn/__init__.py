"""Convolutional networks to look into: build them, train them, ask them, explain them.

Usable from a notebook or from `python -m cnn`, without Streamlit.
"""
