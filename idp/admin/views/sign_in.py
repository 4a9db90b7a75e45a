"""/admin/login, the code, and the way out."""

from http import HTTPStatus

from flask import Response, make_response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from idp import clock
from idp.admin import sessions, sign_in
from idp.admin.access import staff_required
from idp.admin.blueprint import blueprint
from idp.admin.errors import WrongCode, WrongCredentials
from idp.admin.forms import CodeSchema, SignInSchema
from idp.admin.rules import Permission
from idp.errors import TooManyAttempts
from idp.extensions import transaction
from idp.forms import Form


@blueprint.route("/login", methods=["GET", "POST"], endpoint="sign_in")
def give_password() -> ResponseReturnValue:
    """The first step: e-mail and password."""
    form = Form()
    if request.method == "GET" or (data := form.load(SignInSchema())) is None:
        return _page(form, "admin/sign_in.html")
    try:
        with transaction():
            half = sign_in.give_password(data["email"], data["password"], at=clock.now())
    except TooManyAttempts as error:
        return _too_many(form, "admin/sign_in.html", error)
    if half is None:
        form.refuse(WrongCredentials())
        return _page(form, "admin/sign_in.html")
    return redirect(url_for("admin.factor"), HTTPStatus.SEE_OTHER)


@blueprint.route("/login/factor", methods=["GET", "POST"], endpoint="factor")
def give_code() -> ResponseReturnValue:
    """The second step; without the first there is nothing here."""
    half = sessions.find_half_session()
    if half is None:
        return redirect(url_for("admin.sign_in"), HTTPStatus.SEE_OTHER)
    form = Form()
    if request.method == "GET" or (data := form.load(CodeSchema())) is None:
        return _page(form, "admin/factor.html")
    try:
        with transaction():
            started = sign_in.give_code(half, data["code"], at=clock.now())
    except TooManyAttempts as error:
        return _too_many(form, "admin/factor.html", error)
    if started is None:
        form.refuse(WrongCode())
        return _page(form, "admin/factor.html")
    return redirect(url_for("admin.home"), HTTPStatus.SEE_OTHER)


@blueprint.post("/logout", endpoint="sign_out")
@staff_required(Permission.ENTER)
def sign_out() -> ResponseReturnValue:
    """The way out."""
    staff_session = sessions.find_session()
    if staff_session is not None:
        with transaction():
            sign_in.sign_out(staff_session, at=clock.now())
    return redirect(url_for("admin.sign_in"), HTTPStatus.SEE_OTHER)


def _page(form: Form, template: str) -> Response:
    response = make_response(render_template(template, form=form))
    response.status_code = HTTPStatus.UNPROCESSABLE_ENTITY if form.errors else HTTPStatus.OK
    return response


def _too_many(form: Form, template: str, error: TooManyAttempts) -> Response:
    form.refuse(error)
    response = _page(form, template)
    response.status_code = HTTPStatus.TOO_MANY_REQUESTS
    response.headers["Retry-After"] = str(error.retry_after)
    return response
