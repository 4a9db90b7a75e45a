"""Documents that people upload to prove something: checked, encrypted, kept for a limited time."""
