"""The blueprint with every endpoint on it."""

from idp.oauth.blueprint import blueprint
from idp.oauth.endpoints import (  # noqa: F401 - importing them registers their routes
    applications,
    approvals,
    authorize,
    backchannel_authentication,
    claims,
    consent,
    device,
    device_authorization,
    holder,
    introspection,
    logout,
    metadata,
    par,
    register,
    resources,
    revocation,
    token,
    userinfo,
)

__all__ = ["blueprint"]
