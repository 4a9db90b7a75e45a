"""What applications are given and bring back: access tokens, ID Tokens, claims."""
