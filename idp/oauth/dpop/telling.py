"""A nonce for the next proof, with every answer to who shows proofs (RFC 9449 sections 8.2, 9)."""

from functools import wraps

from werkzeug.datastructures import Headers

from idp import clock
from idp.machine import Answer, MachineRequest
from idp.machine.answers import Header
from idp.machine.seam import Handler
from idp.oauth.dpop import nonces
from idp.oauth.dpop.checking import is_shown

NONCE_HEADER = "DPoP-Nonce"


def telling_nonce(handler: Handler) -> Handler:
    """Have what the decorated handler answers, refusals too, bring a nonce."""

    @wraps(handler)
    def telling(asked: MachineRequest) -> Answer:
        answer = handler(asked)
        told = nonce_for(asked.headers)
        return answer.adding(told) if told else answer

    return telling


def nonce_for(headers: Headers) -> tuple[Header, ...]:
    """The header of the answer to a request with these; nothing for one without a proof."""
    if not is_shown(headers):
        return ()
    return ((NONCE_HEADER, nonces.current(clock.now())),)
