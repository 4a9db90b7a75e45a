"""Installations from a file: a template to fill in, an upload that the worker reads and compares
with the registry line by line, and what was found, before anything is chosen."""
