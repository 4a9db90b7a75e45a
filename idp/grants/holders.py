"""The holders for whom a person may act: oneself first, then each other one once.

A page costs the same however many there are: grants are read in the order of an index, up to the
end of the page. A search reads the names of the person's own holders and nothing else.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Text, TextClause, bindparam, text
from sqlalchemy.dialects.postgresql import ARRAY

from idp.extensions import db
from idp.grants.conditions import COUNT, LINKS, OWN
from idp.grants.folding import folded_sql, patterns
from idp.taxids import TaxId

ONESELF = "own"  # in place of a grant's id, where one of the holders is named


@dataclass(frozen=True, slots=True)
class Possible:
    """A holder for whom the person may act now."""

    holder: TaxId
    name: str
    grant_id: str | None  # public id of the oldest grant that says so; None: oneself

    @property
    def key(self) -> str:
        """What names it in a form: it tells nobody whose tax id it is."""
        return self.grant_id or ONESELF


def _statement(own: str, granted: str) -> TextClause:
    """Both halves of the question, each with a condition of its own. OFFSET 0 keeps the lookup of
    each holder a lookup: a person's holders are few beside all there are."""
    return text(
        f"""
        SELECT h.tax_id AS holder, h.name, CAST(NULL AS text) AS grant_id
          FROM accounts a JOIN holders h ON h.tax_id = a.tax_id
         WHERE a.id = :account AND {OWN} AND h.installation_count > 0 AND {own}
        UNION ALL
        (SELECT DISTINCT ON (g.holder_tax_id) h.tax_id, h.name, g.public_id
           FROM grants g
          CROSS JOIN LATERAL (
                SELECT * FROM holders h WHERE h.tax_id = g.holder_tax_id OFFSET 0) AS h
         {LINKS}
          WHERE g.grantee_id = :account AND g.state = 'active'
            AND links.stand AND {COUNT} > 0 AND {granted}
          ORDER BY g.holder_tax_id, g.id LIMIT :limit)
        """  # noqa: S608 - no value is put in, only our own conditions
    )


FOLLOWING = """
    g.holder_tax_id > coalesce((
        SELECT before.holder_tax_id FROM grants before
         WHERE before.public_id = :after AND before.grantee_id = :account), '')
"""
MATCH = f"{folded_sql('h.name')} LIKE ALL(:words)"

PAGE = _statement(":after = ''", FOLLOWING)
PAGE_FOUND = _statement(f":after = '' AND {MATCH}", f"{FOLLOWING} AND {MATCH}").bindparams(
    bindparam("words", type_=ARRAY(Text))
)
OF_HOLDER = _statement("h.tax_id = :holder", "g.holder_tax_id = :holder")
OF_KEY = _statement(f":key = '{ONESELF}'", "g.public_id = :key")


def page_of(
    account_id: int, *, at: datetime, typed: str = "", after: str = "", limit: int
) -> list[Possible]:
    """At most `limit` of them whose name holds all words of `typed`; `after` is the key of the last
    one of the page before. Oneself stands on the first page, on top of its limit."""
    asked = {"account": account_id, "at": at, "after": after, "limit": limit}
    words = patterns(typed)
    if words:
        return _ask(PAGE_FOUND, **asked, words=words)
    return _ask(PAGE, **asked)


def find_of(account_id: int, holder: TaxId, *, at: datetime) -> Possible | None:
    """This holder, if the person may act for them."""
    found = _ask(OF_HOLDER, account=account_id, at=at, holder=str(holder), limit=1)
    return found[0] if found else None


def find_by_key(account_id: int, key: str, *, at: datetime) -> Possible | None:
    """The holder that `Possible.key` named on a page, if the person may still act for them."""
    found = _ask(OF_KEY, account=account_id, at=at, key=key, limit=1)
    return found[0] if found else None


def _ask(statement: TextClause, **parameters: Any) -> list[Possible]:
    return [
        Possible(TaxId.parse_canonical(row.holder), row.name, row.grant_id)
        for row in db.session.execute(statement, parameters)
    ]
