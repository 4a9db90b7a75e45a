"""Every kind of event, named `noun.past_participle`."""

from enum import StrEnum


class Event(StrEnum):
    """The values are stable: reports and other systems rely on them."""

    REGISTRATION_REQUESTED = "registration.requested"
    ACCOUNT_ACTIVATED = "account.activated"
    ACCOUNT_LOCKED = "account.locked"
    ACCOUNT_UNLOCKED = "account.unlocked"
    ACCOUNT_ERASED = "account.erased"
    ASSURANCE_RAISED = "assurance.raised"
    OWNERSHIP_REFUSED = "ownership.refused"
    SIGN_IN_SUCCEEDED = "sign_in.succeeded"
    SIGN_IN_FAILED = "sign_in.failed"
    SESSION_ENDED = "session.ended"
    IDENTITY_CONFIRMED = "identity.confirmed"
    CONFIRMATION_FAILED = "confirmation.failed"
    ACTIVATION_RESENT = "activation.resent"
    PASSWORD_RESET_REQUESTED = "password_reset.requested"  # noqa: S105 - not a password
    PASSWORD_CHANGED = "password.changed"  # noqa: S105 - not a password

    REGISTRY_IMPORTED = "registry.imported"

    INVITATION_SENT = "invitation.sent"
    INVITATION_ACCEPTED = "invitation.accepted"
    INVITATION_DECLINED = "invitation.declined"
    INVITATION_CANCELLED = "invitation.cancelled"
    INVITATION_LAPSED = "invitation.lapsed"
    GRANT_ISSUED = "grant.issued"
    GRANT_LEVEL_CHANGED = "grant.level_changed"
    GRANT_PASSED_ON = "grant.passed_on"
    GRANT_NARROWED = "grant.narrowed"
    GRANT_REVOKED = "grant.revoked"
    GRANT_RENOUNCED = "grant.renounced"
    GRANT_EXPIRED = "grant.expired"
    GRANT_ENDED = "grant.ended"
    GRANT_CANCELLED = "grant.cancelled"

    MANDATE_REQUESTED = "mandate.requested"
    MANDATE_CASE_OPENED = "mandate_case.opened"
    MANDATE_WITHDRAWN = "mandate.withdrawn"
    MANDATE_READ = "mandate.read"
    MANDATE_APPROVED = "mandate.approved"
    MANDATE_REFUSED = "mandate.refused"
    MANDATE_INVITED = "mandate.invited"
    EVIDENCE_STORED = "evidence.stored"
    EVIDENCE_REFUSED = "evidence.refused"
    EVIDENCE_READ = "evidence.read"
    EVIDENCE_DELETED = "evidence.deleted"

    CONSENT_GIVEN = "consent.given"
    CONSENT_WITHDRAWN = "consent.withdrawn"
    AUTHORIZATION_ISSUED = "authorization.issued"
    AUTHORIZATION_REVOKED = "authorization.revoked"
    CODE_REPLAYED = "code.replayed"
    REFRESH_TOKEN_REPLAYED = "refresh_token.replayed"  # noqa: S105 - not a password
    CLIENT_CREATED = "client.created"
    CLIENT_DISABLED = "client.disabled"
    KEY_ROTATED = "key.rotated"

    MAIL_GIVEN_UP = "mail.given_up"

    STAFF_CREATED = "staff.created"
    STAFF_DISABLED = "staff.disabled"
    STAFF_FACTOR_RESET = "staff_factor.reset"
    STAFF_SIGN_IN_SUCCEEDED = "staff_sign_in.succeeded"
    STAFF_SIGN_IN_FAILED = "staff_sign_in.failed"
    STAFF_SIGNED_OUT = "staff_session.ended"
    STAFF_SEARCHED = "staff.searched"
    MAIL_RETRIED = "mail.retried"
