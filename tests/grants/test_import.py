"""What the real import of the registry does to grants."""

from flask import Flask
from sqlalchemy import select

from idp import clock
from idp.extensions import db, transaction
from idp.grants.effective import may
from idp.grants.models import State
from idp.mail.models import Mail
from idp.registry.importing import import_rows
from idp.registry.models import Installation
from tests.factories.accounts import an_account, joao
from tests.factories.grants import a_grant
from tests.factories.registry import holdings

ANA = "br:cpf:11144477735"


def moved(installation: Installation, holder: str, name: str) -> dict[str, str]:
    """The installation's row in the file that names another holder."""
    return {
        "distributor": installation.distributor,
        "code": installation.code,
        "holder": holder,
        "holder_name": name,
        "address": installation.address,
        "city": installation.city,
        "state": installation.state,
        "postal_code": installation.postal_code,
        "segment": installation.segment,
        "status": installation.status.value,
    }


def test_an_imported_change_of_holder_ends_access_at_once(app: Flask) -> None:
    maria, guest = an_account(), joao()
    owned = holdings(maria.tax_id, 3)
    whole, part = a_grant(maria, guest, owned[:1]), a_grant(maria, guest, owned)
    with transaction():
        counts = import_rows(
            [(2, moved(owned[0], ANA, "Ana Lima"))],
            report=lambda line, problem: None,
            at=clock.now(),
        )
    assert (counts.transferred, counts.refused) == (1, 0)
    db.session.expire_all()
    assert (whole.state, part.state) == (State.ENDED, State.ACTIVE)
    assert part.installation_count == 2
    at = clock.now()
    assert may(guest.id, owned[0].id, "read", at) is None
    assert may(maria.id, owned[0].id, "read", at) is None
    assert may(guest.id, owned[1].id, "read", at) is not None
    assert sorted(db.session.scalars(select(Mail.template))) == [
        *["grant_ended"] * 2,
        *["grant_narrowed"] * 2,
    ]


def test_an_import_that_changes_no_holder_leaves_grants_alone(app: Flask) -> None:
    maria, guest = an_account(), joao()
    owned = holdings(maria.tax_id, 1)
    grant = a_grant(maria, guest, owned)
    row = {**moved(owned[0], str(maria.tax_id), "Maria da Silva"), "city": "Santos"}
    with transaction():
        import_rows([(2, row)], report=lambda line, problem: None, at=clock.now())
    db.session.expire_all()
    assert (grant.state, grant.version) == (State.ACTIVE, 1)
