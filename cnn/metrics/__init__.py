"""Numbers from arrays: confusion, calibration error, significance, distances. May import nothing but `errors`."""
