"""The gate of every page of the console."""

from collections.abc import Callable
from functools import wraps
from http import HTTPStatus
from typing import ParamSpec

from flask import redirect, url_for
from flask.typing import ResponseReturnValue

from idp.admin import sessions
from idp.admin.rules import Permission, may
from idp.errors import NotAllowed

P = ParamSpec("P")
View = Callable[P, ResponseReturnValue]


def staff_required(permission: Permission) -> Callable[[View[P]], View[P]]:
    """Let in whoever gave password and code and whose role has `permission`.

    Strangers go to the sign-in page, half a sign-in to the page for the code, other roles are
    refused with NotAllowed.
    """

    def decorate(view: View[P]) -> View[P]:
        @wraps(view)
        def guarded(*args: P.args, **kwargs: P.kwargs) -> ResponseReturnValue:
            member = sessions.find_member()
            if member is None:
                waiting = sessions.find_half_session() is not None
                page = "admin.factor" if waiting else "admin.sign_in"
                return redirect(url_for(page), HTTPStatus.SEE_OTHER)
            if not may(member.role, permission):
                raise NotAllowed
            return view(*args, **kwargs)

        guarded.permission = permission  # type: ignore[attr-defined]
        return guarded

    return decorate
