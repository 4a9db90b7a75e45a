"""The demonstration: `make run` starts the whole service with made-up people on one machine.

Nothing in `idp` knows of this package, and it is not part of the installed distribution: what
exists for the demo only (the inbox, the seeded people) can't appear in a deployment.
"""
