"""`/api/v1/grants/<grant_id>/uses`: applications tell what was done with a grant."""

from datetime import timedelta
from http import HTTPStatus
from typing import Any

from flask import current_app

from idp import clock
from idp.api.blueprint import blueprint, caller, operation
from idp.api.errors import Refused
from idp.api.reportable import Reportable, get_reportable
from idp.api.schemas import RecordedSchema, ReportSchema
from idp.extensions import transaction
from idp.grants import uses
from idp.grants.errors import UseRefused
from idp.grants.use_rules import Use
from idp.grants.uses import Recorded, Reporter
from idp.rate_limits import Limit

REFUSALS = {
    HTTPStatus.BAD_REQUEST: "The body is no JSON object.",
    HTTPStatus.UNAUTHORIZED: "There is no access token, or it is not good here.",
    HTTPStatus.FORBIDDEN: "The token was not issued with the scope grant_uses.",
    HTTPStatus.NOT_FOUND: "There is no such grant, or it is not yours to report on.",
    HTTPStatus.CONFLICT: "A reference was used before, for something else.",
    HTTPStatus.REQUEST_ENTITY_TOO_LARGE: "The body is too large.",
    HTTPStatus.UNSUPPORTED_MEDIA_TYPE: "The body is not application/json.",
    HTTPStatus.UNPROCESSABLE_ENTITY: "A member is not as it should be; errors says which.",
    HTTPStatus.TOO_MANY_REQUESTS: "Too many reports; Retry-After says how long to wait.",
}


GRANT_ID = {
    "in": "path",
    "name": "grant_id",
    "description": "As `grant_id` in the claims and decisions: `g_…`.",
}


@blueprint.post("/grants/<grant_id>/uses", parameters=[GRANT_ID])
@operation(
    takes=ReportSchema(),
    gives={HTTPStatus.CREATED: RecordedSchema(), HTTPStatus.OK: RecordedSchema()},
    refuses=REFUSALS,
)
def report_uses(report: dict[str, list[Use]], grant_id: str) -> tuple[Any, HTTPStatus]:
    """Tell what was done with a grant

    The holder reads it on their pages. 200 instead of 201 says that all of it was known before.
    """
    _limit().hit(caller().key)
    grant, recorded = _recorded(grant_id, report["uses"])
    status = HTTPStatus.CREATED if recorded.is_new else HTTPStatus.OK
    kept_back = {} if grant.is_open else {"was_allowed": None}
    return {"uses": [{**use._mapping, **kept_back} for use in recorded.uses]}, status


def _recorded(grant_id: str, told: list[Use]) -> tuple[Reportable, Recorded]:
    client = caller().client
    reporter = Reporter(client.client_id, client.metadata.client_name)
    try:
        with transaction():
            at = clock.now()
            grant = get_reportable(grant_id, caller(), at)
            return grant, uses.record(grant.id, grant.period, told, by=reporter, at=at)
    except UseRefused as error:
        raise Refused(error) from error


def _limit() -> Limit:
    burst = current_app.config["USE_REPORTS_PER_CLIENT"]
    return Limit("grant_uses.client", burst, timedelta(milliseconds=100))
