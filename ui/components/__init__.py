"""Browser components, a folder each: a .py that others call, beside the .js, .css and .html that it registers.

May import `images` and `text`; `_shared/` holds what several front ends have in common.
"""
