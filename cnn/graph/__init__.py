"""The structure of a network: its layers, which feed which, and what each place of a layer sees of the input.

May import no other room.
"""

from cnn.graph.graph import CONVOLUTION_KINDS, INPUT_KIND, Graph, Layer, graph_to_json, read_graph

__all__ = ["CONVOLUTION_KINDS", "INPUT_KIND", "Graph", "Layer", "graph_to_json", "read_graph"]
