"""Versioned texts, and who accepted which."""

from idp.terms.services import accept, acceptances_of
from idp.terms.texts import Terms, current_text

__all__ = ["Terms", "accept", "acceptances_of", "current_text"]
