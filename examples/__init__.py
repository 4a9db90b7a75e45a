"""Applications that rely on Outorga: written to be copied."""
