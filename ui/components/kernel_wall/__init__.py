"""All kernels of a layer that reads colours, large and in colour; a click chooses the channel that one makes."""
