"""On whose behalf: a representative opens the company's bills, then her own, signing in once."""

import pytest

from demo.people import COMUNIDAD_SOL, MARTA
from tests.journeys.conftest import Newcomer
from tests.journeys.steps import choose_holder, sign_in_at_application

# They share what a file starts, so they run one after the other (`tests.scheduling`).
pytestmark = [
    pytest.mark.journey,
    pytest.mark.timeout(300),
]

COMPANYS, HER_OWN = "ES0031400000000001AA", "ES0031400000000005EE"


def test_marta_acts_for_the_company_and_switches_to_herself(managers_newcomer: Newcomer) -> None:
    marta = managers_newcomer("Marta")
    sign_in_at_application(marta, MARTA, on_behalf_of=COMUNIDAD_SOL.name)
    assert marta.sees(f"Installation {COMPANYS}")
    assert not marta.sees(HER_OWN)

    marta.follow("Act for somebody else")
    choose_holder(marta, MARTA.name)
    assert marta.page.url == f"{marta.ports.application}/bills"
    assert marta.sees(f"Installation {HER_OWN}")
    assert not marta.sees(COMPANYS)

    marta.press("#sign-out")
    marta.follow("Sign in with Outorga")  # signed out of everything: the choice is forgotten too
    assert marta.find("#sign-in-submit").count() == 1
