"""Versioned texts, and who accepted which."""

from idp.terms.services import (
    accept,
    acceptances_of,
    accepted_by,
    count_accepted_by,
    find_accepted,
    text_as_accepted,
)
from idp.terms.texts import OF_A_GUEST, Terms, current_text

__all__ = [
    "OF_A_GUEST",
    "Terms",
    "accept",
    "acceptances_of",
    "accepted_by",
    "count_accepted_by",
    "current_text",
    "find_accepted",
    "text_as_accepted",
]
