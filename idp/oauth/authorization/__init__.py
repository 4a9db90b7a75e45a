"""From an authorization request to the code that answers it: checks, steps, consent."""
