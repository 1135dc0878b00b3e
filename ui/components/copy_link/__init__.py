"""Copies the address of what one sees; and the browser's Back leads to the page before."""
