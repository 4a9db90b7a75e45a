"""Whether a token still holds, and for whom: one prepared statement, no ORM objects.

Effective at the next question after a revocation, a sign-out, a lock or a withdrawn consent.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import text

from idp import reads
from idp.grants import introspection
from idp.oauth.authorization.authorization_details import Detail
from idp.oauth.authorization.claims_requests import Requested
from idp.oauth.tokens import access_tokens
from idp.taxids import TaxId

# The same conditions as `statements.is_live`, consent aside: withdrawing one revokes.
STANDING = """
      FROM authorizations z
      JOIN accounts a ON a.id = z.account_id
      LEFT JOIN browser_sessions s ON s.id = z.session_id
     WHERE z.public_id = :authorization AND z.revoked_at IS NULL AND z.expires_at > :at
       AND a.locked_at IS NULL
       AND (z.offline OR (s.ended_at IS NULL AND s.expires_at > :at))
       AND NOT EXISTS (SELECT FROM revoked_tokens r WHERE r.jti = :jti)
    """
ACCOUNT_TOKEN = text(
    f"""
    SELECT a.id, a.tax_id, z.holder_tax_id, a.name, a.email, a.landline, a.mobile, a.locale,
           a.assurance, z.claims_requested {STANDING}
    """
)
HOLDS = text(f"SELECT 1 {STANDING}")
# The same together with what is left of the token's details: one question, one answer.
ACCOUNT_TOKEN_AND_DETAILS = text(
    f"""
    WITH token AS MATERIALIZED ({ACCOUNT_TOKEN.text}),
    details AS ({introspection.STATEMENT.text.replace(":account", "(SELECT id FROM token)")})
    SELECT details.* FROM token LEFT JOIN details ON true
    """  # noqa: S608 - no value is put in, only our own statements
)
CLIENT_TOKEN = text("SELECT 1 FROM revoked_tokens WHERE jti = :jti")


@dataclass(frozen=True, slots=True)
class LivePerson:
    """Whose token it is, with the columns of the account that claims are made of."""

    id: int
    tax_id: TaxId
    holder: TaxId | None  # on whose behalf alone; None: of everybody whom they may act for
    name: str
    email: str
    landline: str
    mobile: str
    locale: str
    assurance: str
    claims_requested: Requested | None  # by name, see `claims_requests`; None: none


def find_person(claims: Mapping[str, Any], *, at: datetime) -> LivePerson | None:
    """The person of an account's token that still holds."""
    found = reads.rows(ACCOUNT_TOKEN, _named(claims, at))
    if not found:
        return None
    identity, tax_id, holder, *rest = found[0]
    only = None if holder is None else TaxId.stored(holder)
    return LivePerson(identity, TaxId.stored(tax_id), only, *rest)


def find_details(claims: Mapping[str, Any], *, at: datetime) -> list[Detail] | None:
    """What is left now of the details of an account's token; None if the token doesn't hold, as one
    in a holder's name doesn't once nothing is left of its grant."""
    details: list[Detail] = claims.get("authorization_details", [])
    question = introspection.question(details)
    if question is None:
        return details if reads.rows(HOLDS, _named(claims, at)) else None
    parameters = {**_named(claims, at), "question": question}
    rows = reads.rows(ACCOUNT_TOKEN_AND_DETAILS, parameters)
    left = introspection.answer(details, rows) if rows else None
    return left or None if "act" in claims else left


def is_revoked(claims: Mapping[str, Any]) -> bool:
    """Whether a client's own token was revoked."""
    return bool(reads.rows(CLIENT_TOKEN, {"jti": claims["jti"]}))


def _named(claims: Mapping[str, Any], at: datetime) -> dict[str, Any]:
    return {"authorization": access_tokens.authorization_of(claims), "jti": claims["jti"], "at": at}
