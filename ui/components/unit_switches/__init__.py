"""The units of a layer as switches: each map is clicked off and on, by mouse, finger or keys."""
