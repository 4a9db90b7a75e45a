"""Who on the staff may do what: one table, asked by every view of the console."""

from enum import StrEnum

from idp.admin.models import Role


class Permission(StrEnum):
    """One thing that can be done in the console."""

    ENTER = "enter"  # the first page and signing out
    SEARCH = "search"
    SEE_ACCOUNT = "see_account"
    SEE_GRANT = "see_grant"
    SEE_INVITATION = "see_invitation"
    SEE_IDENTITIES = "see_identities"  # tax ids and addresses in full; masked without it
    SEE_MANDATE = "see_mandate"  # requests to represent or manage, without their documents
    SEE_AGENCY = "see_agency"  # what real-estate agencies say of themselves
    REVIEW_AGENCY = "review_agency"  # confirm or refuse their licence
    OPEN_MANDATE = "open_mandate"  # for somebody at the desk or on the phone
    REVIEW_EVIDENCE = "review_evidence"  # open documents, approve and refuse
    REVOKE_GRANT = "revoke_grant"
    CANCEL_INVITATION = "cancel_invitation"
    END_SESSIONS = "end_sessions"
    LOCK_ACCOUNT = "lock_account"
    UNLOCK_ACCOUNT = "unlock_account"
    CORRECT_EMAIL = "correct_email"  # for somebody who can't read the old one; it takes a day
    REMOVE_FACTORS = "remove_factors"  # for somebody who lost them; it takes a day
    ERASE_ACCOUNT = "erase_account"  # for good: the person asked for it, and showed who they are
    READ_TRAIL = "read_trail"
    SEE_CLIENTS = "see_clients"
    SEE_KEYS = "see_keys"
    SEE_MAILS = "see_mails"
    RETRY_MAIL = "retry_mail"


READING = frozenset(
    {
        Permission.ENTER,
        Permission.SEARCH,
        Permission.SEE_ACCOUNT,
        Permission.SEE_GRANT,
        Permission.SEE_INVITATION,
        Permission.SEE_MANDATE,
        Permission.SEE_AGENCY,
    }
)
SERVING = READING | {
    Permission.SEE_IDENTITIES,
    Permission.OPEN_MANDATE,
    Permission.REVOKE_GRANT,
    Permission.CANCEL_INVITATION,
    Permission.END_SESSIONS,
    Permission.LOCK_ACCOUNT,
    Permission.CORRECT_EMAIL,
}

# Support stops harm at once; undoing a lock, or what can't be undone, takes a reviewer. Operators
# look after the machinery and have no business with people's data; auditors read everything and
# change nothing.
TABLE: dict[Role, frozenset[Permission]] = {
    Role.SUPPORT: SERVING,
    Role.REVIEWER: SERVING
    | {
        Permission.REVIEW_EVIDENCE,
        Permission.REVIEW_AGENCY,
        Permission.UNLOCK_ACCOUNT,
        Permission.REMOVE_FACTORS,
        Permission.ERASE_ACCOUNT,
        Permission.READ_TRAIL,
    },
    Role.OPERATOR: frozenset(
        {
            Permission.ENTER,
            Permission.SEE_CLIENTS,
            Permission.SEE_KEYS,
            Permission.SEE_MAILS,
            Permission.RETRY_MAIL,
        }
    ),
    Role.AUDITOR: READING
    | {
        Permission.READ_TRAIL,
        Permission.SEE_CLIENTS,
        Permission.SEE_KEYS,
        Permission.SEE_MAILS,
    },
}


def may(role: Role, permission: Permission) -> bool:
    """Whether a member of staff in `role` has `permission`."""
    return permission in TABLE[role]
