"""What the registry tells the features above it."""

from blinker import Namespace

_signals = Namespace()

installations_transferred = _signals.signal("installations-transferred")
"""Installations changed holder. Sent once an import, inside its transaction, as
`installations_transferred.send(None, at=…)`, when at least one did. Which ones stands in the
temporary table `transferred_installations(installation_id bigint primary key, former_holder text)`,
dropped at the commit. The row's `holder_tax_id` is already the new one."""
