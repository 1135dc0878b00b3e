"""Shares before and after a change, two bars a row."""
