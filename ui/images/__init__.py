"""Arrays to pictures: colour maps, tiles, data URIs, figures that people keep. May import no other room."""
