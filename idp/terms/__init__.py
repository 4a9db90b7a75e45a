"""Versioned texts, and who accepted which."""

from idp.terms.services import accept, acceptances_of
from idp.terms.texts import OF_A_GUEST, Terms, current_text

__all__ = ["OF_A_GUEST", "Terms", "accept", "acceptances_of", "current_text"]
