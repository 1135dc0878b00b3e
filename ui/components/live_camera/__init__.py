"""The camera, live: about one small picture a second is answered, and none of them is kept."""
