"""The structure of a network: its layers, which feed which, and what each place of a layer sees of the input.

May import no other room.
"""

from cnn.graph.graph import CONVOLUTIONS, IMAGE, Graph, Layer, read, write

__all__ = ["CONVOLUTIONS", "IMAGE", "Graph", "Layer", "read", "write"]
