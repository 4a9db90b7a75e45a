"""Sign-in: who it is, by password; the browsers in which it happened; the password once more."""
