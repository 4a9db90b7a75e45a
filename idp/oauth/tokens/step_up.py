"""Sensitive scopes want the person to have shown two factors, or to have signed in just now (RFC
9470). Which scopes, and how long ago, is the deployment's to say."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from flask import current_app

from idp.accounts.sessions import ACR_TWO_FACTORS
from idp.oauth.authorization.claims_requests import Requested, scopes_of
from idp.oauth.errors import InsufficientUserAuthentication


def check(
    claims: Mapping[str, Any],
    scopes: Iterable[str],
    requested: Requested | None = None,
    *,
    at: datetime,
) -> None:
    """Raises `InsufficientUserAuthentication` when a token with these claims is not enough for what
    `scopes` open, or claims that were `requested` one by one."""
    config = current_app.config
    sensitive = config["STEP_UP_SCOPES"]
    if not sensitive or not {*scopes, *scopes_of(requested)} & set(sensitive):
        return
    longest: int = config["STEP_UP_SECONDS"]  # 0: whenever it was
    since = at.timestamp() - claims.get("auth_time", 0)
    if claims.get("acr") != ACR_TWO_FACTORS or 0 < longest < since:
        raise InsufficientUserAuthentication(acr_values=ACR_TWO_FACTORS, max_age=longest)
