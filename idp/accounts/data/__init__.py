"""My account: what is on record, what happened, what can be taken along, and how to close it."""
