"""What relations, levels, states and events are called on pages."""

from flask_babel import lazy_gettext as _

from idp.grants.models import Level, Relation, State
from idp.grants.use_models import Action

RELATIONS = {
    Relation.OWNER: _("In your name"),
    Relation.REPRESENTATIVE: _("Of companies you represent"),
    Relation.DELEGATE: _("Shared with you"),
    Relation.MANAGER: _("Of clients you manage"),
    Relation.COLLABORATOR: _("Of clients of the company you work for"),
}
ROLES = {
    Relation.OWNER: _("Holder"),
    Relation.REPRESENTATIVE: _("Representative"),
    Relation.DELEGATE: _("Authorised person"),
    Relation.MANAGER: _("External manager"),
    Relation.COLLABORATOR: _("Collaborator"),
}
LEVELS = {
    Level.FULL: _("See and make changes"),
    Level.READ_ONLY: _("See only"),
}
STATES = {
    State.ACTIVE: _("Active"),
    State.REVOKED: _("Taken back"),
    State.RENOUNCED: _("Given up"),
    State.EXPIRED: _("Expired"),
    State.ENDED: _("Ended: change of holder"),
    State.CANCELLED: _("Ended: account closed"),
}
USES = {
    Action.READ: _("Looked at data"),
    Action.WRITE: _("Made a change"),
}
