"""What other features may do in the transaction in which an invitation is accepted."""

from blinker import Namespace

_signals = Namespace()

invitation_accepted = _signals.signal("invitation-accepted")
"""Sent as `invitation_accepted.send(None, invitation=…, grant=…, at=…)` when both rows are
written, before anybody is told."""
