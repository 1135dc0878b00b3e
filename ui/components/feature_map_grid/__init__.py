"""The units of a layer as one tiled picture; of the chosen one its map, its kernel, and what a place of it sees."""
