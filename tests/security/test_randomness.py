"""Whatever must not be guessed is drawn from the operating system, and is long enough."""

import ast
from base64 import urlsafe_b64decode
from math import log2
from pathlib import Path

from idp import identifiers, totp
from idp.accounts.factors import challenges, rules

IDP = Path(__file__).parents[2] / "idp"


def test_nothing_is_drawn_by_a_generator_that_can_be_foreseen() -> None:
    for path in IDP.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.Import):
                assert "random" not in {each.name for each in node.names}, path
            if isinstance(node, ast.ImportFrom):
                assert node.module != "random", path


def test_what_opens_a_session_has_more_bits_than_anybody_can_try() -> None:
    session = identifiers.secret_token()
    assert len(urlsafe_b64decode(session + "=")) * 8 == 256
    link = identifiers.public_id("p").removeprefix("p_")
    assert len(urlsafe_b64decode(link + "==")) * 8 == 128
    assert rules.CODE_LENGTH * log2(len(rules.ALPHABET)) == 120
    assert len(totp.new_secret()) * 5 == 160
    assert challenges.BYTES * 8 == 256
