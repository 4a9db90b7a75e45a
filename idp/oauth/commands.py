"""`idp clients`: what an operator does with registered applications."""

import click
from flask.cli import AppGroup
from flask_babel import force_locale

from idp import clock
from idp.audit import Actor
from idp.errors import DomainError
from idp.extensions import transaction
from idp.oauth import clients as registry

OPERATOR = Actor("system", "operator")


@click.group(cls=AppGroup)
def clients() -> None:
    """Registered applications."""


@clients.command("create")
@click.option("--name", "client_name", required=True, help="What people see on the consent page.")
@click.option("--client-id", help="An id of your own; random by default.")
@click.option("--redirect-uri", "redirect_uris", multiple=True)
@click.option("--post-logout-redirect-uri", "post_logout_redirect_uris", multiple=True)
@click.option("--grant-type", "grant_types", multiple=True, type=click.Choice(registry.GRANT_TYPES))
@click.option("--scope", help="Everything that it may ask for, separated by spaces.")
@click.option(
    "--resource",
    "resources",
    multiple=True,
    help="`aud` of its tokens; first: default. Of a resource server: its own.",
)
@click.option(
    "--auth-method",
    "token_endpoint_auth_method",
    type=click.Choice(registry.AUTHENTICATION_METHODS),
)
@click.option("--public", is_flag=True, help="Keeps no secret: a browser or native application.")
@click.option("--native", is_flag=True, help="Public, with redirects as in RFC 8252.")
@click.option("--first-party", is_flag=True, help="The utility's own: no consent page.")
@click.option(
    "--single-holder",
    is_flag=True,
    help="Acts for one holder at a time: people are asked on whose behalf.",
)
@click.option(
    "--introspect", is_flag=True, help="A resource server: may ask about tokens for its resources."
)
@click.option(
    "--id-token-alg",
    "id_token_signed_response_alg",
    type=click.Choice(registry.ID_TOKEN_ALGORITHMS),
)
@click.option(
    "--dpop",
    "dpop_bound_access_tokens",
    is_flag=True,
    help="Its tokens are bound to its key (RFC 9449).",
)
@click.option(
    "--certificate-bound",
    "tls_client_certificate_bound_access_tokens",
    is_flag=True,
    help="Its tokens are bound to its certificate (RFC 8705).",
)
@click.option("--fapi", is_flag=True, help="Held to the FAPI 2.0 Security Profile.")
@click.option("--without-pkce", is_flag=True, help="For old confidential clients only.")
@click.option("--client-uri")
@click.option("--policy-uri")
@click.option("--tos-uri")
def create_client(
    client_id: str | None,
    public: bool,
    native: bool,
    first_party: bool,
    without_pkce: bool,
    **given: object,
) -> None:
    """Register an application; its secret is shown here and never again."""
    values = {name: value for name, value in given.items() if value}
    if public or native:
        values["token_endpoint_auth_method"] = "none"  # noqa: S105 - a method's name
    if native:
        values["application_type"] = "native"
    if not values.get("redirect_uris"):
        values.setdefault("grant_types", ("client_credentials",))
    values["require_pkce"] = not without_pkce
    try:
        with transaction():
            client, secret = registry.register(
                registry.ClientMetadata(**values),  # type: ignore[arg-type]
                first_party=first_party,
                by=OPERATOR,
                at=clock.now(),
                client_id=client_id,
            )
    except DomainError as error:
        with force_locale("en"):
            raise click.ClickException(f"{error.code}: {error.text}") from error
    click.echo(f"client_id: {client.client_id}")
    click.echo(f"client_secret: {secret or 'none, the client is public'}")


@clients.command("disable")
@click.argument("client_id")
def disable_client(client_id: str) -> None:
    """Refuse everything of this application from now on."""
    with transaction():
        if not registry.disable(client_id, by=OPERATOR, at=clock.now()):
            raise click.ClickException("There is no such client in use.")
    click.echo("Disabled.")
