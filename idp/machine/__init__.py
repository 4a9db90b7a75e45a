"""Endpoints that machines call: no cookie, no form of ours, no language, no page.

They pass by what Flask does for pages (routing, sessions, CSRF, templates) and by nothing that
protects: `seam` is the short way in, `requests` and `answers` are what a handler is given and gives
back. Why there are two ways in, and one of everything behind them: ADR 14.
"""

from idp.machine.answers import Answer, json_answer
from idp.machine.requests import MachineRequest
from idp.machine.seam import answered, endpoint, init_app

__all__ = ["Answer", "MachineRequest", "answered", "endpoint", "init_app", "json_answer"]
