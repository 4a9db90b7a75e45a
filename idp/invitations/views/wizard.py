"""The wizard's first questions: which kind of supply, in whose name."""

from http import HTTPStatus

from flask import redirect, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from idp import clock
from idp.accounts.sessions import current_account
from idp.errors import NotFound
from idp.extensions import transaction
from idp.forms import Form
from idp.grants import acting
from idp.invitations import drafts, parties
from idp.invitations.conditions import EVERY_SEGMENT
from idp.invitations.drafts import Step
from idp.invitations.models import InvitationDraft
from idp.invitations.schemas import (
    HolderSchema,
    SegmentSchema,
)
from idp.invitations.views import blueprint
from idp.invitations.views.steps import (
    Place,
    for_holders,
    go_on,
    open_draft,
    place_before,
    place_of,
    status_for,
    url_of,
)
from idp.registry.models import Holder, Installation
from idp.registry.services import get_installation
from idp.taxids import TaxId


@blueprint.route("/invitations/new", methods=["GET", "POST"])
@for_holders
def start() -> ResponseReturnValue:
    """The first questions, before there is a draft.

    `?installation=` is chosen in advance; `?segment=` is the answer to the first question, which
    is asked only where there are several.
    """
    account, at = current_account(), clock.now()
    preselected = _preselected()
    segments = [] if preselected else parties.segments_of(parties.holders_of(account, at))
    segment = request.args.get("segment")
    if len(segments) > 1 and segment not in [*segments, EVERY_SEGMENT]:
        return _first_segment_page(segments, is_wrong=segment is not None)
    segment = segment if len(segments) > 1 else None
    holders = _holders(segment, preselected)
    form = Form()
    if request.method == "POST" and (chosen := _read_holder(form, holders)) is not None:
        with transaction():
            draft = drafts.begin(account, chosen, segment=segment, at=at, preselected=preselected)
        return go_on(draft, Step.HOLDER)
    latest = _latest(holders) if preselected is None else None
    place = place_before(Step.HOLDER, asks_segment=len(segments) > 1)
    return _holder_page(form, holders, place, latest=latest)


@blueprint.route("/invitations/new/<draft_id>/segment", methods=["GET", "POST"])
@for_holders
def segment(draft_id: str) -> ResponseReturnValue:
    """Which kind of supply, again, to change it."""
    draft = open_draft(draft_id)
    segments = parties.segments_of(parties.holders_of(current_account(), clock.now()))
    if draft.segment is None:
        return redirect(url_of(Step.HOLDER, draft), HTTPStatus.SEE_OTHER)
    form = Form({"segment": draft.segment})
    if request.method == "POST" and (data := form.load(SegmentSchema())) is not None:
        if data["segment"] in [*segments, EVERY_SEGMENT]:
            with transaction():
                draft = open_draft(draft_id, lock=True)
                drafts.record_segment(draft, data["segment"])
            return go_on(draft, Step.SEGMENT)
        form.errors["segment"] = _("Choose one of the options.")
    return _segment_page(form, segments, place_of(Step.SEGMENT, draft))


@blueprint.route("/invitations/new/<draft_id>/holder", methods=["GET", "POST"])
@for_holders
def holder(draft_id: str) -> ResponseReturnValue:
    """In whose name, again, to change it."""
    draft = open_draft(draft_id)
    holders = _holders(draft.segment)
    form = Form({"holder": str(draft.holder_tax_id), "aware": "yes"})
    if request.method == "POST" and (chosen := _read_holder(form, holders)) is not None:
        with transaction():
            draft = open_draft(draft_id, lock=True)
            drafts.record_holder(draft, current_account(), chosen, at=clock.now())
        return go_on(draft, Step.HOLDER)
    return _holder_page(form, holders, place_of(Step.HOLDER, draft))


def _first_segment_page(segments: list[str], *, is_wrong: bool) -> ResponseReturnValue:
    """A question whose answer stands in the address: nothing is begun yet."""
    form = Form()
    if is_wrong:
        form.errors["segment"] = _("Choose one of the options.")
    place = place_before(Step.SEGMENT, asks_segment=True)
    return _segment_page(form, segments, place, method="get")


def _segment_page(
    form: Form, segments: list[str], place: Place, method: str = "post"
) -> ResponseReturnValue:
    page = render_template(
        "invitations/segment.html",
        form=form,
        place=place,
        segments=segments,
        every=EVERY_SEGMENT,
        method=method,
    )
    return page, status_for(form)


def _holders(segment: str | None, preselected: Installation | None = None) -> list[Holder]:
    holders = parties.holders_in(current_account(), segment, clock.now())
    if preselected is None:
        return holders
    return [each for each in holders if each.tax_id == preselected.holder_tax_id]


def _latest(holders: list[Holder]) -> InvitationDraft | None:
    """What was begun last and not sent, if it is about one of these."""
    latest = drafts.find_latest(current_account())
    found = latest is not None and latest.holder_tax_id in [each.tax_id for each in holders]
    return latest if found else None


def _holder_page(
    form: Form, holders: list[Holder], place: Place, latest: InvitationDraft | None = None
) -> ResponseReturnValue:
    page = render_template(
        "invitations/holder.html", form=form, place=place, holders=holders, latest=latest
    )
    return page, status_for(form)


def _read_holder(form: Form, holders: list[Holder]) -> TaxId | None:
    """The holder that was chosen; the only one there is needs no choice."""
    data = form.load(HolderSchema())
    if data is None:
        return None
    if len(holders) == 1:
        return holders[0].tax_id
    for each in holders:
        if str(each.tax_id) == data["holder"]:
            return each.tax_id
    form.errors["holder"] = _("Choose in whose name you are giving access.")
    return None


def _preselected() -> Installation | None:
    """The installation that the address names, if it is the person's own; raises `NotFound`."""
    if not (public_id := request.args.get("installation")):
        return None
    found = get_installation(public_id)
    if not acting.acts_for(current_account(), found.holder_tax_id, clock.now()):
        raise NotFound
    return found
