"""The forward pass, played: layer after layer lights up, from the pixels to the bars of the answer."""
