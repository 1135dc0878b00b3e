"""One's own kernel or pool on one's own picture, worked out in the browser."""
