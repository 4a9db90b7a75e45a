"""Reads hostile files, in a process of its own that may take neither much time nor much memory.

It knows nothing of the service: it is started without its settings and without its packages (see
`idp.evidence.isolation`), so everything here imports only its neighbours, pypdf and Pillow.
"""
