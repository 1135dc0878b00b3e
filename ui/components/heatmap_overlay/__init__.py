"""A picture with a heat map on top, its opacity under one's finger, and the box that the map suggests."""
