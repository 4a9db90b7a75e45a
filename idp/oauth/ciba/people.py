"""Whom a hint means (CIBA section 7.1): a tax id, an e-mail address, or somebody's ID Token."""

from flask import current_app

from idp import taxids
from idp.accounts.lookup import find_by_tax_id, find_credentials_by_email
from idp.accounts.models import Account
from idp.extensions import db
from idp.forms import cleaned
from idp.oauth import subjects
from idp.oauth.ciba.requests import AuthenticationRequest
from idp.oauth.tokens import id_tokens
from idp.taxids import MalformedTaxId, TaxId


def meant(asked: AuthenticationRequest) -> TaxId | str:
    """Who that is, in one spelling; text that is no e-mail address means nobody."""
    if asked.id_token_hint:
        return _of_id_token(asked)
    hint = cleaned("login_hint", asked.login_hint)
    return hint.lower() if "@" in hint else _tax_id(hint) or hint


def find(named: TaxId | str) -> Account | None:
    """The one account that can be asked; None for nobody, for several and for a locked one."""
    if isinstance(named, TaxId):
        found = find_by_tax_id(named)
    else:
        known = find_credentials_by_email(named)
        found = db.session.get(Account, known.id) if known else None
    return found if found is not None and found.locked_at is None else None


def _tax_id(hint: str) -> TaxId | None:
    """As a subject (`br:cpf:…`) or as people write it."""
    try:
        if ":" in hint:
            return TaxId.parse_canonical(hint)
        return taxids.parse(hint, current_app.config["TAX_ID_SCHEMES"])
    except MalformedTaxId:
        return None


def _of_id_token(asked: AuthenticationRequest) -> TaxId | str:
    """One of ours for this very client, expired or not."""
    client, claims = asked.wanted.client, id_tokens.read_hint(asked.id_token_hint)
    if claims is None or claims.get("aud") != client.client_id:
        return ""
    sub = str(subjects.understood(claims, client)["sub"])
    return _tax_id(sub) or sub
