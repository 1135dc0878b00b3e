"""Why a network answers as it does. Gradients need TensorFlow, so they are computed in a child process (`worker`)."""
