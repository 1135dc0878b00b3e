"""The x-ray: each step of the preprocessing as a picture with a switch."""
