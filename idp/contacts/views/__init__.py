"""Pages of this feature, by what a person wants to do."""

from idp.contacts.views import adding, book, choosing, clients, collaborating, removing, sending

__all__ = ["adding", "book", "choosing", "clients", "collaborating", "removing", "sending"]
