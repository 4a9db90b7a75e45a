"""Pages of this feature, by what a person wants to do."""

from idp.mandates.views import answers, requests, steps

__all__ = ["answers", "requests", "steps"]
