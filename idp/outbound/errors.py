"""The one thing that can go wrong when another host is asked."""

from enum import StrEnum


class Reason(StrEnum):
    """For our own log; to strangers every one looks alike."""

    ADDRESS = "address"  # not one that we ask: scheme, name, port or private network
    NAME = "name"  # can't be resolved
    CONNECTION = "connection"  # refused, cut off, or no HTTP
    CERTIFICATE = "certificate"
    TIME = "time"
    SIZE = "size"
    ENCODING = "encoding"  # compressed, though we asked for it as it is
    STATUS = "status"  # neither 200 nor 304; redirects are not followed
    LATELY = "lately"  # failed a moment ago, and is not asked again yet


class Unreachable(Exception):
    """The other host gave no usable answer; its text tells nothing about our network."""

    def __init__(self, reason: Reason) -> None:
        super().__init__("The address could not be read.")
        self.reason = reason
