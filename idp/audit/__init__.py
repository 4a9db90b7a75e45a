"""The append-only trail: who did what, when, to which account, grant, invitation or client."""

from idp.audit.actors import OPERATOR, SYSTEM, Actor
from idp.audit.events import Event
from idp.audit.services import history_of, record

__all__ = ["OPERATOR", "SYSTEM", "Actor", "Event", "history_of", "record"]
