"""Maria let João see two of her installations and invited Rita; staff look at it."""

from dataclasses import dataclass
from datetime import timedelta

from flask.testing import FlaskClient

from idp import clock
from idp.accounts.models import Account
from idp.admin.models import Role, StaffMember
from idp.extensions import db
from idp.grants.models import Extent, Grant, Level, Relation
from idp.identifiers import public_id
from idp.invitations.models import Invitation, InvitationInstallation
from idp.invitations.protocols import new_protocol
from idp.mail.models import Mail
from idp.registry.models import Installation
from idp.taxids import TaxId
from tests.factories.accounts import an_account, joao
from tests.factories.admin import a_member, sign_in_staff
from tests.factories.grants import a_grant
from tests.factories.registry import holdings

RITA = "br:cpf:11144477735"


@dataclass
class Scene:
    """The people and things of most tests here."""

    maria: Account
    joao: Account
    installations: list[Installation]
    grant: Grant
    invitation: Invitation


def a_scene(installations: int = 3) -> Scene:
    """Committed."""
    maria, guest = an_account(), joao()
    held = holdings(str(maria.tax_id), installations)
    grant = a_grant(maria, guest, held[:2])
    return Scene(maria, guest, held, grant, an_invitation(maria, held[:1]))


def an_invitation(
    inviter: Account, installations: list[Installation], guest_tax_id: str = RITA
) -> Invitation:
    """An open invitation to Rita, committed."""
    at = clock.now()
    invitation = Invitation(
        public_id=public_id("v"),
        protocol=new_protocol(at),
        holder_tax_id=inviter.tax_id,
        holder_name=inviter.name,
        inviter=inviter,
        guest_name="Rita Alves",
        guest_tax_id=TaxId.parse_canonical(guest_tax_id),
        guest_email="rita@example.com",
        locale="en",
        relation=Relation.DELEGATE,
        level=Level.READ_ONLY,
        extent=Extent.CHOSEN,
        installation_count=len(installations),
        grant_expires_at=None,
        created_at=at,
        expires_at=at + timedelta(hours=12),
        decline_reason="",
    )
    db.session.add(invitation)
    db.session.flush()
    db.session.add_all(
        InvitationInstallation(invitation_id=invitation.id, installation_id=each.id)
        for each in installations
    )
    db.session.commit()
    return invitation


def a_mail(**overrides: object) -> Mail:
    """A mail in the outbox, committed."""
    at = clock.now()
    values: dict[str, object] = {
        "message_id": public_id("m"),
        "template": "account_activation",
        "priority": 0,
        "recipient_name": "Maria da Silva",
        "recipient_address": "maria@example.com",
        "locale": "en",
        "context": {},
        "created_at": at,
        "due_at": at,
        "attempts": 3,
    }
    mail = Mail(**{**values, **overrides})
    db.session.add(mail)
    db.session.commit()
    return mail


def staff(client: FlaskClient, role: Role = Role.SUPPORT) -> StaffMember:
    """A member of `role`, signed in on this client."""
    member = a_member(role, email=f"{role}@utility.example")
    sign_in_staff(client, member)
    return member
