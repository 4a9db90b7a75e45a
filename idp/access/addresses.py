"""Where the decision API is, and the document that says so (AuthZEN section 9)."""

import json
from functools import lru_cache

from idp.grants.claims import EVALUATION_PATH, SEARCH_PATH

EVALUATIONS_PATH = "/access/v1/evaluations"
SUBJECTS_PATH = "/access/v1/search/subject"
ACTIONS_PATH = "/access/v1/search/action"

__all__ = [
    "ACTIONS_PATH",
    "EVALUATIONS_PATH",
    "EVALUATION_PATH",
    "SEARCH_PATH",
    "SUBJECTS_PATH",
    "metadata",
]


@lru_cache
def metadata(issuer: str) -> bytes:
    """The policy decision point's metadata."""
    paths = {
        "access_evaluation_endpoint": EVALUATION_PATH,
        "access_evaluations_endpoint": EVALUATIONS_PATH,
        "search_subject_endpoint": SUBJECTS_PATH,
        "search_resource_endpoint": SEARCH_PATH,
        "search_action_endpoint": ACTIONS_PATH,
    }
    addresses = {name: f"{issuer}{path}" for name, path in paths.items()}
    return json.dumps({"policy_decision_point": issuer, **addresses}).encode()
