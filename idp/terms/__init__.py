"""Versioned texts, and who accepted which."""

from idp.terms.services import accept
from idp.terms.texts import Terms, current_text

__all__ = ["Terms", "accept", "current_text"]
