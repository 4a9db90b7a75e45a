"""One of everything that an address of the service can name, and everybody who may look at it."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from enum import StrEnum
from typing import Any
from urllib.parse import quote

from flask import Flask
from werkzeug.routing import Rule
from werkzeug.test import TestResponse

from idp import signing
from idp.accounts import sessions
from idp.accounts.models import Account
from idp.accounts.recovery import email_changes, factor_removals, resets, undoing
from idp.accounts.registration import activation, drafts
from idp.admin import sessions as staff_sessions
from idp.admin.models import Role
from idp.extensions import db
from idp.grants.models import Level, Relation
from idp.invitations.lookup import token_of
from idp.mandates.models import RequestState
from tests.admin.scene import a_mail
from tests.browsing import csrf_token, sign_in_as
from tests.factories.accounts import (
    a_registration,
    a_reset,
    an_acceptance,
    an_account,
    joao,
)
from tests.factories.admin import a_member, sign_in_staff
from tests.factories.approvals import a_call, a_device_code
from tests.factories.bulk import an_upload
from tests.factories.contacts import a_contact_draft
from tests.factories.factors import a_passkey
from tests.factories.grants import a_grant
from tests.factories.invitations import a_draft, an_invitation
from tests.factories.mandates import a_request
from tests.factories.oauth import a_client
from tests.factories.recovery import a_removal, an_email_change
from tests.factories.registration import a_draft_cookie, an_agency
from tests.factories.registry import holdings

RITA = "br:cpf:11144477735"


class Visitor(StrEnum):
    """Somebody in front of a browser, in which a member of staff may be signed in as well."""

    STRANGER = "stranger"
    HOLDER = "holder"  # and a reviewer
    GUEST = "guest"  # and an operator
    UNPROVEN = "unproven"  # has proven nothing; and staff who have not yet given their code


@dataclass(frozen=True)
class World:
    """What was made, and the cookies of each visitor."""

    app: Flask
    ids: dict[tuple[str, str], str]  # by the start of a rule and the name of its variable
    cookies: dict[Visitor, str]
    csrf_tokens: dict[Visitor, str]
    queries: dict[str, list[str]]  # by rule: with which it is another page

    def addresses(self, rule: Rule) -> list[str]:
        """The address of this rule with ids that exist; several when one id can mean several."""
        found = [
            value
            for (prefix, name), value in self.ids.items()
            if name in rule.arguments and rule.rule.startswith(prefix)
        ]
        return [
            *(address_of(rule, value) for value in found or ["nothing"]),
            *(f"{rule.rule}?{query}" for query in self.queries.get(rule.rule, ())),
        ]

    def send(self, visitor: Visitor, method: str, address: str, **kwargs: Any) -> TestResponse:
        """The answer to one request, read to its end, of which nothing stays behind."""
        headers = {
            "Cookie": self.cookies[visitor],
            "X-CSRFToken": self.csrf_tokens[visitor],
            "Accept-Language": "en",
            **kwargs.pop("headers", {}),
        }
        browser = self.app.test_client(use_cookies=False)
        with _undone():
            return browser.open(address, method=method, headers=headers, buffered=True, **kwargs)


def a_world(app: Flask) -> World:
    """Maria has an installation lent to João, another offered to him and a draft; and so on."""
    maria, guest = an_account(), joao()
    unproven = an_account(RITA, "Rita Alves", "rita@example.com", assurance="declared")
    held = holdings(maria.tax_id, 3)
    grant = a_grant(maria, guest, held[:2])
    invitation = an_invitation(maria, held[2:])
    managing = a_grant(maria, guest, None, relation=Relation.MANAGER, level=Level.FULL)
    given_on = a_grant(guest, unproven, None, relation=Relation.COLLABORATOR, parent=managing)
    client = a_client(client_id="segunda-via")
    draft = a_draft(maria, held[:1])
    ids = {
        ("/activate/", "token"): signing.sign(
            activation.PURPOSE, a_registration("br:cpf:11144477816").public_id
        ),
        ("/reset/", "token"): signing.sign(resets.PURPOSE, a_reset(maria).public_id),
        ("/email/confirmation/", "token"): change_token(maria, email_changes.PURPOSE),
        ("/email/undo/", "token"): change_token(guest, undoing.PURPOSE),
        ("/factors/removal/", "token"): signing.sign(
            factor_removals.PURPOSE, a_removal(maria).public_id
        ),
        ("/invitations/<", "token"): token_of(invitation),
        ("/invitations/new/", "draft_id"): draft.public_id,
        ("/invitations/uploads/", "upload_id"): an_upload(
            draft, maria, [held[1].code, "2"]
        ).public_id,
        ("/invitations/sent/", "public_id"): invitation.public_id,
        ("/protocols/", "number"): invitation.protocol,
        ("/installations/", "public_id"): str(held[0].public_id),
        ("/grants/", "grant_id"): grant.public_id,
        ("/api/v1/grants/", "grant_id"): grant.public_id,
        ("/account/contacts/new/", "draft_id"): a_contact_draft(maria).public_id,
        ("/account/collaborators/new/", "draft_id"): a_contact_draft(guest, managing).public_id,
        ("/account/collaborators/sent/", "public_id"): invitation.public_id,
        ("/account/collaborators/<", "grant_id"): given_on.public_id,
        ("/account/security/passkeys/", "passkey_id"): a_passkey(maria).public_id,
        ("/account/requests/", "public_id"): a_request(maria, state=RequestState.DRAFT).public_id,
        ("/admin/mandates/", "public_id"): a_request(guest).public_id,
        ("/admin/accounts/", "public_id"): maria.public_id,
        ("/admin/agencies/", "public_id"): an_agency(unproven).public_id,
        ("/register/steps/", "step"): "2",
        ("/admin/grants/", "public_id"): grant.public_id,
        ("/admin/invitations/", "public_id"): invitation.public_id,
        ("/admin/mails/", "message_id"): a_mail().message_id,
        ("/account/terms/", "number"): str(an_acceptance(maria)),
        ("/approvals/", "public_id"): a_call(client, maria).public_id,
        ("/", "client_id"): client.client_id,
        ("/terms/", "name"): "platform",
        ("/static/", "filename"): "missing.css",
    }
    people = {
        Visitor.HOLDER: (maria, a_member(Role.REVIEWER, email="reviewer@utility.example")),
        Visitor.GUEST: (guest, a_member(Role.OPERATOR, email="operator@utility.example")),
        Visitor.UNPROVEN: (unproven, a_member(Role.SUPPORT, email="support@utility.example")),
    }
    cookies, csrf_tokens = {}, {}
    for visitor in Visitor:
        browser = app.test_client()
        if visitor in people:
            account, member = people[visitor]
            session = sign_in_as(browser, account, amr=["pwd", "hwk"])
            sign_in_staff(browser, member, second_factor=visitor is not Visitor.UNPROVEN)
            ids.setdefault(("/account/sessions/", "sid"), session.public_id)
        else:
            browser.set_cookie(drafts.cookie_name(), a_draft_cookie())
        csrf_tokens[visitor] = csrf_token(browser, "/login?again=1")
        names = ("form", drafts.cookie_name(), sessions.cookie_name(), staff_sessions.cookie_name())
        kept = [cookie for name in names if (cookie := browser.get_cookie(name))]
        cookies[visitor] = "; ".join(f"{each.key}={each.value}" for each in kept)
    queries = {"/device": [f"user_code={a_device_code(client)}"]}
    return World(app, ids, cookies, csrf_tokens, queries)


def change_token(account: Account, purpose: str) -> str:
    """Of a link about an open change of the account's address."""
    return signing.sign(purpose, an_email_change(account).public_id)


def address_of(rule: Rule, value: str) -> str:
    """The rule's address with `value` in each of its variable parts."""
    path = "".join(
        quote(value, safe="") if is_variable else part for is_variable, part in rule._trace
    )
    return path.removeprefix("|")


@contextmanager
def _undone() -> Iterator[None]:
    db.session.remove()
    savepoint = db.session.get_bind().begin_nested()  # type: ignore[union-attr]
    try:
        yield
    finally:
        db.session.remove()
        savepoint.rollback()
