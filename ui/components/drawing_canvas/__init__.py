"""The drawing canvas: draw with mouse, finger, pen or keyboard; the drawing outlives reruns and pages."""
