"""What an operator can say of bound tokens on the command line."""

import pytest
from flask import Flask

from idp.oauth import clients
from idp.oauth.commands import clients as client_commands

CREATE = ["create", "--name", "Bills", "--client-id"]


@pytest.mark.parametrize(
    ("option", "member"),
    [
        ("--dpop", "dpop_bound_access_tokens"),
        ("--certificate-bound", "tls_client_certificate_bound_access_tokens"),
    ],
)
def test_an_operator_registers_a_client_for_bound_tokens(
    app: Flask, option: str, member: str
) -> None:
    result = app.test_cli_runner().invoke(client_commands, [*CREATE, member, option])
    assert result.exit_code == 0, result.output
    client = clients.find(member)
    assert client is not None
    assert getattr(client.metadata, member) is True
    assert client.metadata.is_sender_constrained


def test_the_profile_is_not_had_with_a_secret(app: Flask) -> None:
    result = app.test_cli_runner().invoke(client_commands, [*CREATE, "bank", "--dpop", "--fapi"])
    assert result.exit_code == 1
    assert "invalid_client_metadata" in result.output
    assert clients.find("bank") is None
