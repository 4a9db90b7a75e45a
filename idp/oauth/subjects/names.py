"""Tax ids for names on the way out, names for tax ids on the way back."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from sqlalchemy import text

from idp.extensions import db
from idp.oauth.clients import RegisteredClient
from idp.oauth.scopes import SCOPES
from idp.oauth.subjects.secret import name_of

PAIRWISE = "pairwise"
WITHHELD = frozenset(SCOPES["tax_id"])
WITH_HOLDERS = ("authorization_details", "grants")
Claims = dict[str, Any]

IDENTITIES = text("SELECT tax_id, id FROM accounts WHERE tax_id = ANY(:tax_ids)")
KEEP = text(
    """
    INSERT INTO pairwise_subjects (subject, sector, account_id, tax_id)
    SELECT given.subject, :sector, given.account_id, given.tax_id
      FROM unnest(CAST(:subjects AS text[]), CAST(:accounts AS bigint[]), CAST(:tax_ids AS text[]))
        AS given(subject, account_id, tax_id)
     ORDER BY given.subject
        ON CONFLICT DO NOTHING
    """
)
FIND = text(
    """
    SELECT p.subject, coalesce(a.tax_id, p.tax_id)
      FROM pairwise_subjects p LEFT JOIN accounts a ON a.id = p.account_id
     WHERE p.subject = ANY(:names) AND (CAST(:sector AS text) IS NULL OR p.sector = :sector)
       AND (a.tax_id IS NOT NULL OR p.tax_id IS NOT NULL)
    """
)


def is_pairwise(client: RegisteredClient) -> bool:
    """Whether this application may know no tax ids."""
    return client.metadata.subject_type == PAIRWISE


def told(claims: Mapping[str, Any], client: RegisteredClient) -> Claims:
    """Claims of a token or an answer as `client` may read them. One that was changed to pairwise
    may still hold tokens with the scope `tax_id`: they open nothing any longer."""
    if not is_pairwise(client):
        return dict(claims)
    kept = {name: value for name, value in claims.items() if name not in WITHHELD}
    return _renamed(kept, _given(_named(kept), client))


def told_details(
    details: Sequence[Mapping[str, Any]], client: RegisteredClient
) -> list[dict[str, Any]]:
    """The same for `authorization_details` alone."""
    named: list[dict[str, Any]] = told({"grants": details}, client)["grants"]
    return named


def names_for(tax_ids: Iterable[str], client: RegisteredClient) -> dict[str, str]:
    """By tax id how `client` is told of them: as they are, unless it is pairwise."""
    if not is_pairwise(client):
        return {each: each for each in tax_ids}
    return _given(set(tax_ids), client)


def understood(claims: Mapping[str, Any], client: RegisteredClient) -> Claims:
    """Claims that `client` was told, as they were before. Names that are nobody's any longer stay
    what they are: they match nobody."""
    if not is_pairwise(client):
        return dict(claims)
    return _renamed(claims, find(_named(claims), client))


def find(names: Iterable[str], client: RegisteredClient) -> dict[str, str]:
    """Tax ids by the names that are known. A pairwise application understands its own sector's
    alone: with another's, two of them could find out that they speak of the same person."""
    sector = _sector(client) if is_pairwise(client) else None
    asked = {"names": sorted(filter(_is_possible, names)), "sector": sector}
    return dict(tuple(row) for row in db.session.execute(FIND, asked)) if asked["names"] else {}


def _given(tax_ids: set[str], client: RegisteredClient) -> dict[str, str]:
    """A name for each, by account id, else (a holder who has none) by tax id; remembered."""
    wanted = sorted(each for each in tax_ids if ":" in each)  # a client id holds no colon
    if not wanted:
        return {}
    sector = _sector(client)
    known = dict(tuple(row) for row in db.session.execute(IDENTITIES, {"tax_ids": wanted}))
    names = {each: name_of(sector, known.get(each, each)) for each in wanted}
    kept = {
        "sector": sector,
        "subjects": list(names.values()),
        "accounts": [known.get(each) for each in wanted],
        "tax_ids": [None if each in known else each for each in wanted],
    }
    db.session.execute(KEEP, kept)
    return names


def _is_possible(name: str) -> bool:
    """Whether we can have given it; what a stranger made up may be more than PostgreSQL takes."""
    return name.isascii() and name.isprintable()


def _sector(client: RegisteredClient) -> str:
    """One that has no address of its own is alone in its sector."""
    return client.metadata.sector or client.client_id


def _named(claims: Mapping[str, Any]) -> set[str]:
    """Everybody of whom the claims speak."""
    named = {detail["holder"] for detail in _details(claims) if "holder" in detail}
    speaking: Any = claims
    while isinstance(speaking, Mapping):  # RFC 8693 section 4.1: an actor may act for another
        named.add(speaking.get("sub"))
        speaking = speaking.get("act")
    return {each for each in named if isinstance(each, str)}


def _renamed(claims: Mapping[str, Any], names: Mapping[str, str]) -> Claims:
    renamed = dict(claims)
    if "sub" in claims:
        renamed["sub"] = names.get(claims["sub"], claims["sub"])
    if "act" in claims:
        renamed["act"] = _renamed(claims["act"], names)
    for place in WITH_HOLDERS:
        if place in claims:
            renamed[place] = [_of_holder(detail, names) for detail in claims[place]]
    return renamed


def _of_holder(detail: Mapping[str, Any], names: Mapping[str, str]) -> dict[str, Any]:
    holder = detail.get("holder")
    return {**detail, "holder": names.get(holder, holder)} if holder is not None else dict(detail)


def _details(claims: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    return [detail for place in WITH_HOLDERS for detail in claims.get(place) or ()]
