"""Attacks on the service as a whole: what a stranger, a customer or a client tries."""
