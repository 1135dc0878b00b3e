"""Untrusted bytes and addresses to pixels: pictures, clips, downloads. May import no other room."""
