"""A table that sorts in the browser, without pandas: words, numbers and a note a cell; and the same as CSV."""
