"""The pages. Each one asks what the person may do now before it shows or does anything."""

from datetime import date
from http import HTTPStatus

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from examples.segunda_via import provider, uses
from examples.segunda_via.bills import bills_of, shown
from examples.segunda_via.provider import Access
from examples.segunda_via.sessions import Visit, visits
from examples.segunda_via.uses import Use

blueprint = Blueprint("bills", __name__)
blueprint.add_app_template_filter(shown)


@blueprint.get("/")
def welcome() -> ResponseReturnValue:
    """For strangers: what this is, and where to sign in."""
    if visits().find():
        return redirect(url_for("bills.index"))
    return render_template("welcome.html", problem=request.args.get("problem"))


@blueprint.get("/sign-in")
def sign_in() -> ResponseReturnValue:
    """Off to the provider; `?installation=` asks for that one, when there are too many to list, and
    `?switch=1` to act for somebody else."""
    installation = request.args.get("installation", "").strip()[:64]
    return provider.begin_sign_in(installation, switch=bool(request.args.get("switch")))


@blueprint.get("/callback")
def callback() -> ResponseReturnValue:
    """Back from the provider."""
    try:
        visit = provider.finish_sign_in()
    except provider.SignInFailed:
        return redirect(url_for("bills.welcome", problem="sign-in"))
    visits().begin(visit)
    return redirect(url_for("bills.index"))


@blueprint.get("/bills")
def index() -> ResponseReturnValue:
    """The installations whose bills this person may see, by relation and holder."""
    visit, accesses, unlisted = _asked()
    readable = [access for access in accesses if "read" in access.actions]
    now = {code: access.holder for access in readable for code in access.installations}
    ended = sorted(set(visit.seen) - set(now))
    gone = [(code, visit.seen.pop(code)) for code in ended]
    visit.seen.update(now)
    page = {"visit": visit, "accesses": readable, "gone": gone, "unlisted": unlisted}
    return render_template("index.html", **page)


@blueprint.get("/bills/<installation>")
def show(installation: str) -> ResponseReturnValue:
    """One installation's bills; the pay button only for those who may pay."""
    visit, accesses, _ = _asked()
    access = _find(accesses, installation, "read")
    if access is None:
        return _refused(visit, installation)
    visit.seen[installation] = access.holder
    use = Use(f"seen.{installation}", "read", installation, "Looked at the bills")
    uses.report(visit, access, use)
    return render_template(
        "show.html",
        visit=visit,
        installation=installation,
        access=access,
        may_pay=_find(accesses, installation, "write") is not None,
        bills=bills_of(installation, date.today()),
    )


@blueprint.post("/bills/<installation>/payments")
def pay(installation: str) -> ResponseReturnValue:
    """Pay a bill: a write, so the right to it is asked for now, whatever the page showed."""
    visit, accesses, _ = _asked()
    access = _find(accesses, installation, "write")
    if access is None:
        return _refused(visit, installation, paying=True)
    bills = {bill.number: bill for bill in bills_of(installation, date.today())}
    bill = bills.get(request.form.get("number", ""))
    if bill is None:
        abort(HTTPStatus.NOT_FOUND)
    visit.paid.add(bill.number)
    done = f"Paid the bill due {bill.due:%d/%m/%Y}"
    uses.report(visit, access, Use(f"paid.{bill.number}", "write", installation, done))
    flash(f"Bill {bill.number} is paid.")
    return redirect(url_for("bills.show", installation=installation), HTTPStatus.SEE_OTHER)


@blueprint.post("/sign-out")
def sign_out() -> ResponseReturnValue:
    """Here at once, then at the provider."""
    visit = visits().end()
    return provider.sign_out_redirect(visit) if visit else redirect(url_for("bills.welcome"))


@blueprint.app_errorhandler(provider.SignInEnded)
def sign_in_ended(_error: Exception) -> ResponseReturnValue:
    """Ended elsewhere, or never begun: sign in (again)."""
    problem = "ended" if visits().end() else None
    return redirect(url_for("bills.welcome", problem=problem), HTTPStatus.SEE_OTHER)


@blueprint.get("/healthz")
def alive() -> ResponseReturnValue:
    """The process answers."""
    return {"status": "ok"}


def provider_unreachable(_error: Exception) -> ResponseReturnValue:
    """Without an answer nothing is allowed."""
    return render_template("unreachable.html"), HTTPStatus.SERVICE_UNAVAILABLE


def _asked() -> tuple[Visit, list[Access], int]:
    visit = visits().find()
    if visit is None:
        raise provider.SignInEnded
    return visit, *provider.current_access(visit)


def _find(accesses: list[Access], installation: str, action: str) -> Access | None:
    for access in accesses:
        if installation in access.installations and action in access.actions:
            return access
    return None


def _refused(visit: Visit, installation: str, *, paying: bool = False) -> ResponseReturnValue:
    holder = visit.seen.get(installation)
    page = render_template(
        "refused.html", visit=visit, installation=installation, holder=holder, paying=paying
    )
    return page, HTTPStatus.FORBIDDEN
