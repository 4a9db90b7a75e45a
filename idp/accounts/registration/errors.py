"""What can go wrong with agencies and kinds of accounts."""

from flask_babel import lazy_gettext as _

from idp.errors import Conflict, NotAllowed


class AgencyReviewed(Conflict):
    """Staff decided on it before, or it was stated anew since they looked."""

    code = "agency_reviewed"
    text = _("This was decided, or changed, in the meantime. Look again and decide anew.")


class OwnAgency(NotAllowed):
    """Four eyes: nobody confirms what they stated themselves."""

    code = "own_agency"
    text = _("This is your own agency, or a namesake's. A colleague must decide.")
