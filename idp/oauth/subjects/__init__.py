"""Under which names people go in front of an application.

An application registered `subject_type=pairwise` has no business knowing tax ids. In its place it
gets, wherever another one reads a tax id (`sub`, `act`, `holder`), a name that nobody but its own
sector knows (OpenID Connect Core section 8.1). Within the service people always go by tax id: names
are put in where something leaves, and taken out where it comes back.
"""

from idp.oauth.subjects import erasing  # noqa: F401 - it listens
from idp.oauth.subjects.names import (
    PAIRWISE,
    find,
    is_pairwise,
    names_for,
    told,
    told_details,
    understood,
)
from idp.oauth.subjects.secret import init_app

__all__ = [
    "PAIRWISE",
    "find",
    "init_app",
    "is_pairwise",
    "names_for",
    "told",
    "told_details",
    "understood",
]
