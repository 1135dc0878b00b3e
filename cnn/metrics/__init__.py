"""Numbers from arrays: confusion, calibration error, significance, distances. May import no other room."""
