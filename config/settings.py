"""Every setting once: its type, its default and one comment.

A setting is read from the environment variable of its own name in capitals: `issuer` from
`ISSUER`; secrets also from files (`config.environment`). What the environment leaves out is taken
from the market profile (`config.profiles`), and what that leaves out from here. In production the
settings listed in `config.checks.REQUIRED_IN_PRODUCTION` have no usable default.
"""

from collections.abc import Mapping
from dataclasses import dataclass, fields
from enum import StrEnum
from typing import Any, Self, get_type_hints

from config import environment, profiles
from config.checks import problems_of


class Mode(StrEnum):
    """What the process is: a deployment, the demonstration of `make run`, or a test."""

    PRODUCTION = "production"
    DEMO = "demo"
    TEST = "test"


class InvalidSettings(Exception):
    """The environment can't be served: every problem is named, one a line."""

    def __init__(self, problems: list[str]) -> None:
        super().__init__("invalid settings:\n" + "\n".join(f"  {problem}" for problem in problems))
        self.problems = problems


@dataclass(frozen=True, slots=True, repr=False)
class Settings:
    """The whole configuration; `Settings.from_environment(os.environ)` makes one."""

    mode: Mode = Mode.PRODUCTION  # production, demo or test
    idp_profile: str = (
        profiles.DEFAULT
    )  # market profile: a file of config/profiles, without its .toml
    issuer: str = "http://localhost:8000"  # public address, no trailing slash: `iss` of every token
    database_url: str = ""  # postgresql://user:password@host/name
    smtp_url: str = ""  # smtp://host:25, smtp+starttls://user:password@host:587, smtps://…:465
    secret_key: str = ""  # signs cookies and links; 32 characters or more
    data_encryption_key: str = ""  # encrypts keys, TOTP seeds and documents; 32 characters or more
    data_encryption_key_previous: str = ""  # still opens what it sealed, until `idp keys reseal`
    brand_name: str = "Outorga"  # shown in headers, mails and as the TOTP issuer
    mail_from: str = "Outorga <no-reply@localhost>"  # sender of every mail
    support_contact: str = "ajuda@localhost"  # shown where a person can't go on alone
    proxy_hops: int = 0  # trusted reverse proxies in front, for the client's address (ProxyFix)
    tax_id_schemes: tuple[str, ...] = (  # who may register and sign in
        "br:cpf",
        "br:cnpj",
        "es:nif",
        "es:nie",
        "pt:nif",
        "lt:code",
    )
    locales: tuple[str, ...] = (  # languages offered; the first is the default
        "pt-BR",
        "es",
        "ca",
        "lt",
        "en",
        "fr",
    )
    time_zone: str = "America/Sao_Paulo"  # in which times are shown and days end (IANA name)
    database_pool_size: int = 8  # connections a process keeps open
    argon2_memory_kib: int = 19456  # OWASP's minimum: 19 MiB, 2 passes, 1 lane
    argon2_time_cost: int = 2  # passes over the memory
    argon2_parallelism: int = 1  # lanes
    argon2_concurrency: int = 1  # hashes at once in one process: cores ÷ processes; the rest wait
    session_idle_seconds: int = 1800  # a browser session ends after this long unused
    session_life_seconds: int = 43200  # … and after this long in any case
    reauthentication_seconds: int = 600  # a sensitive change asks for the password after this long
    activation_life_seconds: int = 86400  # activation link
    reset_life_seconds: int = 3600  # password-reset link
    email_change_life_seconds: int = 86400  # link that confirms a new address
    email_undo_seconds: int = 604800  # 7 days in which the old address can undo a change
    email_correction_seconds: int = 86400  # an address that staff entered waits before it counts
    factor_removal_seconds: int = 86400  # second factors that staff remove stay for so long
    invitation_life_seconds: int = 43200  # invitations lapse after 12 h
    delegation_depth: int = 3  # links from the holder down: delegate or manager, collaborator, …
    invitations_per_hour: int = 20  # of one account: in a burst, then evenly spread
    bulk_maximum_bytes: int = 20971520  # 20 MiB a file of installations
    bulk_maximum_rows: int = 200000  # … and so many lines
    bulk_files_per_hour: int = 30  # files up and down of one account: in a burst, then spread
    mandates_per_hour: int = 10  # requests with documents of one account, in the same way
    sign_in_attempts_per_identifier: int = 10  # from a network or device, then one every 30 s
    sign_in_attempts_from_anywhere: int = 50  # … by strangers together, then one every 30 s
    factor_attempts_per_identifier: int = 10  # codes of one account, then one every 5 min
    sign_in_attempts_per_address: int = 100  # in a burst, then one every second
    mails_per_address: int = 5  # registration, recovery and resend in a burst, then one every 5 min
    answer_step_milliseconds: int = 100  # registration and recovery answer at its end; 0: at once
    forms_per_address: int = 30  # the same three from one network address, then one every 20 s
    proofs_per_tax_id: int = 5  # tries to prove ownership of a tax id in a burst, then one an hour
    proofs_per_address: int = 20  # … and from one network address, then one every 10 min
    guesses_per_tax_id: int = 3  # … with bank digits or an invoice's total, then one a week
    guesses_per_address: int = 10  # … and from one network address, then one every 30 min
    guesses_per_deployment: int = 500  # … and by everybody together, then one every 30 s
    exports_per_account: int = 5  # downloads of one's own data in a burst, then one an hour
    registrations_per_address: int = 30  # of applications, or looks at one, then one every 30 s
    use_reports_per_client: int = 300  # of uses of grants, in a burst, then one every 100 ms
    protocols_per_address: int = 30  # public checks of a protocol, then one every 10 s
    password_minimum_length: int = 15  # characters of a new password (NIST SP 800-63B-4)
    password_minimum_with_factor: int = 8  # … of somebody who has a second factor
    access_token_seconds: int = 300  # at+jwt life; RFC 9068 tokens can't be called back offline
    delegated_token_seconds: int = 120  # life of an at+jwt that carries somebody's grant
    id_token_seconds: int = 300  # ID Token life
    signing_key_life_days: int = 90  # then a new key takes over, published before it signs
    authorization_code_seconds: int = 60  # RFC 6749 section 4.1.2 allows 600
    refresh_token_idle_seconds: int = 1209600  # 14 days unused
    refresh_token_life_seconds: int = 7776000  # 90 days in any case
    step_up_scopes: tuple[str, ...] = ()  # served by our APIs only after two factors (RFC 9470)
    step_up_seconds: int = 0  # … and a sign-in at most so long ago; 0: any
    dpop_nonces: str = "fapi"  # whose DPoP proofs need a nonce of ours: fapi (those clients) or all
    inline_installations: int = 50  # more than this and the claims switch to installation_set
    inline_bytes: int = 4096  # … or more than this much JSON
    evidence_maximum_bytes: int = 10485760  # 10 MiB an uploaded document
    evidence_maximum_documents: int = 5  # … and so many a request
    evidence_retention_days: int = 180  # documents are deleted this long after the decision
    uploads_per_address: int = 30  # requests with files of one network address, then one every 20 s
    client_certificate_header: str = ""  # in which the proxy says what a client showed; empty: none
    client_certificate_authorities: str = ""  # file of those trusted for tls_client_auth
    logout_notice_seconds: int = 86400  # an application that doesn't answer is told for so long
    outbound_allowed: tuple[str, ...] = ()  # hosts and networks, not public, that may be asked
    outbound_ca_bundle: str = ""  # file of the authorities trusted there; empty: the system's
    metrics_token: str = ""  # bearer token for /metrics; empty leaves it open (behind a firewall)
    demo_mailbox: str = ""  # Maildir that /demo/inbox shows; demo only
    log_level: str = "INFO"  # DEBUG, INFO, WARNING, ERROR

    @classmethod
    def from_environment(cls, environ: Mapping[str, str]) -> Self:
        """Read and check every setting; raises `InvalidSettings` naming each bad one."""
        types = get_type_hints(cls)
        profile = environ.get("IDP_PROFILE", "").strip() or profiles.DEFAULT
        proposed, problems = _propose(profile, types)
        said, unreadable = environment.read(environ, types)
        settings = cls(**{**proposed, **said})
        if environ.get("AUTHLIB_INSECURE_TRANSPORT"):  # would let tokens travel in the clear
            problems.append("AUTHLIB_INSECURE_TRANSPORT: must not be set")
        problems += [f"{name}: {problem}" for name, problem in unreadable.items()]
        for problem in problems_of(settings):
            name = problem.partition(":")[0]
            is_proposed = name.lower() in proposed.keys() - said.keys()
            source = f" (in {profiles.file_name(profile)})" if is_proposed else ""
            if name not in unreadable:
                problems.append(problem + source)
        if problems:
            raise InvalidSettings(problems)
        return settings

    @property
    def is_production(self) -> bool:
        """Whether this is a deployment: nothing may be left to chance."""
        return self.mode is Mode.PRODUCTION

    def as_flask_config(self) -> dict[str, Any]:
        """The same settings under the names that `app.config` uses, and `PROFILE`, a
        `config.market.Profile`; raises `profiles.InvalidProfile`."""
        values = {field.name.upper(): getattr(self, field.name) for field in fields(self)}
        return {**values, "PROFILE": profiles.load(self.idp_profile)}


def _propose(profile: str, types: Mapping[str, Any]) -> tuple[dict[str, Any], list[str]]:
    """What the market profile sets, or nothing and what is wrong with it."""
    values: dict[str, Any] = {}
    problems: list[str] = []
    for part in (
        lambda: values.update(profiles.read(profile, types)),
        lambda: profiles.load(profile),
    ):
        try:
            part()
        except profiles.InvalidProfile as error:
            problems += error.problems
    return values, list(dict.fromkeys(problems))
