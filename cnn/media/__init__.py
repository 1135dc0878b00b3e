"""Untrusted bytes and addresses to pixels: pictures, clips, downloads. May import nothing but `errors`."""
