"""One page of a list: which rows, and the addresses of its neighbours."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Self
from urllib.parse import urlencode

from flask import request

PER_PAGE = 20
PARAMETER = "page"
MAXIMUM_DIGITS = 9  # a number of more digits is nonsense, and PostgreSQL's offset has an end


@dataclass(frozen=True, slots=True)
class Paging:
    """Page `number` (from 1) of `total` rows in all; a number that doesn't exist is moved to the
    nearest that does, so that nonsense in an address shows a page instead of an error."""

    number: int
    total: int
    per_page: int = PER_PAGE
    path: str = ""
    arguments: Mapping[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        object.__setattr__(self, "number", min(max(self.number, 1), self.pages))

    @classmethod
    def of_request(cls, total: int, *, per_page: int = PER_PAGE) -> Self:
        """The page that the address of this request asks for."""
        arguments = request.args.to_dict()
        asked = arguments.pop(PARAMETER, "")
        known = asked.isascii() and asked.isdigit() and len(asked) <= MAXIMUM_DIGITS
        return cls(int(asked) if known else 1, total, per_page, request.path, arguments)

    @property
    def pages(self) -> int:
        """How many pages there are; an empty list has one."""
        return max(1, -(-self.total // self.per_page))

    @property
    def offset(self) -> int:
        """How many rows come before this page."""
        return (self.number - 1) * self.per_page

    @property
    def first(self) -> int:
        """The number of the first row shown, from 1; 0 when there is none."""
        return min(self.offset + 1, self.total)

    @property
    def last(self) -> int:
        """The number of the last row shown."""
        return min(self.offset + self.per_page, self.total)

    def url(self, number: int) -> str:
        """The address of page `number`, with search and filters kept."""
        return f"{self.path}?{urlencode({**self.arguments, PARAMETER: str(number)})}"
