"""What both are told when a collaborator is removed: one mail each, however many clients."""

from collections.abc import Sequence

from idp.accounts.models import Account
from idp.mail import notify

NAMED = 10  # clients in a mail; the pages list all of them


def removed(person: Account, by: Account, holders: Sequence[str]) -> None:
    """`holders` are the names of the clients."""
    names = sorted(set(holders))
    for account, audience in ((person, "grantee"), (by, "giver")):
        notify(
            "contact_removed",
            to=account.recipient,
            audience=audience,
            giver_name=by.name,
            grantee_name=person.name,
            holders=names[:NAMED],
            count=len(names),
        )
