"""Pictures in a row, each with a title and a line of words; nothing to choose."""
