"""Measurements of the hot paths, side by side with the machine's own limits, re-runnable."""
