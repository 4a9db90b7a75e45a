"""Who may do what: every cell of the table, written out once more by hand."""

import pytest

from idp.admin.models import Role
from idp.admin.rules import TABLE, Permission, may

# support, reviewer, operator, auditor
EXPECTED = {
    Permission.ENTER: "yyyy",
    Permission.SEARCH: "yy-y",
    Permission.SEE_ACCOUNT: "yy-y",
    Permission.SEE_GRANT: "yy-y",
    Permission.SEE_INVITATION: "yy-y",
    Permission.SEE_IDENTITIES: "yy--",
    Permission.SEE_MANDATE: "yy-y",
    Permission.SEE_AGENCY: "yy-y",
    Permission.REVIEW_AGENCY: "-y--",
    Permission.OPEN_MANDATE: "yy--",
    Permission.REVIEW_EVIDENCE: "-y--",
    Permission.REVOKE_GRANT: "yy--",
    Permission.CANCEL_INVITATION: "yy--",
    Permission.END_SESSIONS: "yy--",
    Permission.LOCK_ACCOUNT: "yy--",
    Permission.UNLOCK_ACCOUNT: "-y--",
    Permission.CORRECT_EMAIL: "yy--",
    Permission.REMOVE_FACTORS: "-y--",
    Permission.ERASE_ACCOUNT: "-y--",
    Permission.READ_TRAIL: "-y-y",
    Permission.SEE_CLIENTS: "--yy",
    Permission.SEE_KEYS: "--yy",
    Permission.SEE_MAILS: "--yy",
    Permission.RETRY_MAIL: "--y-",
}
ROLES = (Role.SUPPORT, Role.REVIEWER, Role.OPERATOR, Role.AUDITOR)
CELLS = [
    (role, permission, cell == "y")
    for permission, row in EXPECTED.items()
    for role, cell in zip(ROLES, row, strict=True)
]


@pytest.mark.parametrize(("role", "permission", "allowed"), CELLS)
def test_the_table_says_who_may_do_what(role: Role, permission: Permission, allowed: bool) -> None:
    assert may(role, permission) is allowed


def test_no_role_and_no_permission_is_left_out() -> None:
    assert set(EXPECTED) == set(Permission)
    assert set(TABLE) == set(Role) == set(ROLES)
