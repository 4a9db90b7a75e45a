"""A company with a representative, a manager and collaborators, for tests of chains."""

from datetime import timedelta
from typing import Any

from sqlalchemy import select, text

from idp import clock
from idp.accounts.models import Account
from idp.audit import Actor, history_of
from idp.extensions import db
from idp.grants import services
from idp.grants.effective import access_of
from idp.grants.models import Grant, Level, Relation
from idp.mail.models import Mail
from idp.registry.models import Installation
from idp.taxids import TaxId
from tests.factories.accounts import an_account, joao
from tests.factories.grants import a_grant, a_representation
from tests.factories.registry import a_holder, holdings

ACME = TaxId("br", "cnpj", "11222333000181")
OTHER = TaxId("br", "cpf", "11144477735")
HOUR = timedelta(hours=1)
STAFF = Actor("staff", "t_ana")


class World:
    """Ana represents Acme; João manages what it has, Carla works for him, Davi for her."""

    def __init__(self) -> None:
        self.ana = an_account("br:cpf:28625587887", "Ana Costa", "ana@example.com")
        self.manager = joao()
        self.carla = an_account("br:cpf:12345678909", "Carla Dias", "carla@example.com")
        self.davi = an_account("br:cpf:98765432100", "Davi Reis", "davi@example.com")
        a_holder(ACME, "Acme")
        self.owned = holdings(ACME, 4)
        self.representation = a_representation(ACME, self.ana)

    def managed(self, installations: list[Installation] | None, **changes: Any) -> Grant:
        """What Ana lets João manage."""
        values: dict[str, Any] = {"level": Level.FULL, "relation": Relation.MANAGER, **changes}
        return a_grant(self.ana, self.manager, installations, holder=ACME, **values)

    def given_on(
        self, above: Grant, installations: list[Installation] | None, **changes: Any
    ) -> Grant:
        """What João lets Carla do."""
        values: dict[str, Any] = {"relation": Relation.COLLABORATOR, **changes}
        return a_grant(
            self.manager, values.pop("to", self.carla), installations, parent=above, **values
        )


def codes_of(account: Account) -> list[set[str]]:
    found = access_of(account.id, account.tax_id, at=clock.now(), limit=50)
    return [set(access.installations) for access in found]


def names(installations: list[Installation]) -> set[str]:
    return {each.code for each in installations}


def settle() -> None:
    """All that the worker has to do below ended links."""
    while services.settle_below(clock.now()):
        db.session.commit()


def rows_below(grant: Grant) -> list[Any]:
    """The physical rows of a grant: `xmin` says which transaction wrote each."""
    statement = """
        SELECT xmin::text, ctid::text, state, version FROM grants WHERE id = :grant
        UNION ALL
        SELECT xmin::text, ctid::text, installation_id::text, 0
          FROM grant_installations WHERE grant_id = :grant ORDER BY 3
    """
    return list(db.session.execute(text(statement), {"grant": grant.id}))


def told(template: str) -> dict[str, dict[str, Any]]:
    """The data of the queued mails of this kind, by address; one each."""
    mails = db.session.scalars(select(Mail).where(Mail.template == template)).all()
    assert len({mail.recipient_address for mail in mails}) == len(mails)
    return {mail.recipient_address: mail.context for mail in mails}


def last_event(grant: Grant) -> str:
    return history_of("grant", grant.public_id)[0].event
