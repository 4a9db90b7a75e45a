"""Sign-in on a screen without a keyboard: a kiosk, a desk (RFC 8628)."""
