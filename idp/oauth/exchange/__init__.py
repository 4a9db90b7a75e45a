"""Act for a holder: a grant and the delegate's own token for a token in the holder's name (RFC
8693)."""
