"""The protocol of an invitation: a paper that says what was permitted, and a way to check it.

`record` holds what is said, `document` prints it, `listing` counts the installations; the number
is made in `idp.invitations.protocols`, the pages are in `idp.invitations.views.protocol`.
"""
