"""Tell the holder what somebody else did with their grant; nobody waits long for it."""

import logging
from dataclasses import dataclass
from datetime import UTC, datetime
from http import HTTPStatus

import requests
from flask import current_app

from examples.segunda_via.provider import Access
from examples.segunda_via.sessions import Visit

TIMEOUT_SECONDS = 2

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Use:
    """Something done; `name` is its own within a visit."""

    name: str
    action: str  # read or write
    installation: str
    description: str


def report(visit: Visit, access: Access, use: Use) -> None:
    """Tell it once in this visit, unless it was done with the person's own installation.

    What was not taken is told again next time: the same `reference` is never recorded twice. An
    application with more to lose keeps the queue in its database.
    """
    reference = f"{visit.key}.{use.name}"
    with visit.telling:
        if access.grant_id and reference not in visit.told:
            visit.told.add(reference)
            body = {
                "reference": reference,
                "at": datetime.now(UTC).isoformat(),
                "action": use.action,
                "installation": use.installation,
                "description": use.description,
            }
            visit.untold.append((access.grant_id, body))
        while visit.untold and _is_settled(visit.access_token, *visit.untold[0]):
            visit.untold.pop(0)


def _is_settled(token: str, grant_id: str, body: dict[str, str]) -> bool:
    """Whether the provider has taken it, or never will."""
    try:
        answer = requests.post(
            f"{current_app.config['ISSUER']}/api/v1/grants/{grant_id}/uses",
            json={"uses": [body]},
            headers={"Authorization": f"Bearer {token}"},
            timeout=TIMEOUT_SECONDS,
        )
    except requests.RequestException:
        return False
    if not answer.ok:
        log.warning("a use was not taken: %s", answer.status_code)
    later = (HTTPStatus.UNAUTHORIZED, HTTPStatus.TOO_MANY_REQUESTS)
    return answer.status_code < HTTPStatus.INTERNAL_SERVER_ERROR and answer.status_code not in later
