"""Sector identifiers: several hosts say together that they are one (OpenID Connect Core section
8.1, Registration section 5)."""

import json

from idp import outbound
from idp.oauth.clients.metadata import ClientMetadata
from idp.oauth.errors import InvalidClientMetadata


def check(metadata: ClientMetadata) -> None:
    """Ask `sector_identifier_uri`, if there is one, whether it lists every redirect URI; of a
    client without any, its `jwks_uri` (CIBA section 4). No transaction may be open.

    Raises `InvalidClientMetadata`.
    """
    if not metadata.sector_identifier_uri:
        return
    needed = set(metadata.redirect_uris) or {metadata.jwks_uri} - {""}
    try:
        listed = json.loads(outbound.get(metadata.sector_identifier_uri).body)
    except (outbound.Unreachable, ValueError, RecursionError) as error:
        raise InvalidClientMetadata(field="sector_identifier_uri") from error
    if not isinstance(listed, list) or not all(uri in listed for uri in needed):
        raise InvalidClientMetadata(field="sector_identifier_uri")
