"""What can go wrong in the domain, without a word about HTTP.

A service raises a subclass; `idp.http_errors` alone decides which status and page (or JSON) it
becomes. `code` is stable and meant for machines, `text` is a translatable sentence for people.
"""

from typing import ClassVar

from flask_babel import lazy_gettext as _
from flask_babel.speaklater import LazyString


class DomainError(Exception):
    """Base of every refusal. `field` names the form field that the text belongs beside."""

    code: ClassVar[str] = "domain_error"
    text: str | LazyString = ""
    field: str | None = None

    def __init__(self, *, field: str | None = None) -> None:
        super().__init__(self.code)
        if field is not None:
            self.field = field


class NotFound(DomainError):
    """There is no such thing, or it is not this person's to see: the two answer alike."""

    code = "not_found"
    text = _("We can't find this page.")


class NotAllowed(DomainError):
    """The person is known and may not do this."""

    code = "not_allowed"
    text = _("You don't have permission to do this.")


class Conflict(DomainError):
    """Somebody else was first, or the thing is no longer in a state that allows this."""

    code = "conflict"
    text: str | LazyString = _("This was changed in the meantime. Look again and decide anew.")


class TooManyAttempts(DomainError):
    """A rate limit is reached; `retry_after` is in seconds."""

    code = "too_many_attempts"
    text = _("Too many attempts. Wait a few minutes and try again.")

    def __init__(self, *, retry_after: int, field: str | None = None) -> None:
        super().__init__(field=field)
        self.retry_after = retry_after
