"""Why somebody can't be added or removed."""

from flask_babel import lazy_gettext as _

from idp.errors import Conflict, DomainError, NotAllowed


class NobodyToActFor(NotAllowed):
    """The account acts for no holder that the registry knows."""

    code = "nobody_to_act_for"
    text = _("There is nobody here that you could do this for.")


class NoClients(NotAllowed):
    """The account manages for nobody, or may not give access on."""

    code = "no_clients"
    text = _("You have no clients whose access you could give on.")


class NoClientChosen(DomainError):
    """The step was sent without a client."""

    code = "no_client_chosen"
    text = _("Choose at least one client.")
    field = "clients"


class TooManyClients(DomainError):
    """More than are sent at once."""

    code = "too_many_clients"
    text = _("Choose at most 1,000 clients at a time.")
    field = "clients"


class NoInstallationChosen(DomainError):
    """The step was sent without an installation."""

    code = "no_installation_chosen"
    text = _("Choose at least one installation.")
    field = "installations"


class StandsAbove(DomainError):
    """Who is invited has the access that would be given on to them."""

    code = "stands_above"
    text = _("This person has more access to a client of yours than you could give.")
    field = "guest_tax_id"


class RelationNotAllowed(DomainError):
    """Somebody is to give the access on, where the chain ends with them."""

    code = "relation_not_allowed"
    text = _("This person can't give the access on to others. Choose a collaborator.")
    field = "relation"


class DraftIncomplete(Conflict):
    """Something is missing, or changed since the page was opened."""

    code = "draft_incomplete"
    text = _("Something changed since you opened this page. Check everything again, then send.")


class CountChanged(Conflict):
    """There are more or fewer than the page said."""

    code = "count_changed"
    text = _("The number changed since you opened this page. Look again.")
