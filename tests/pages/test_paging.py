"""Pages of a list, whatever number an address asks for."""

import pytest
from flask import Flask

from idp.pages.paging import Paging


@pytest.mark.parametrize(
    ("number", "total", "expected"),
    [
        (1, 0, (1, 1, 0, 0)),
        (1, 20, (1, 1, 1, 20)),
        (2, 21, (2, 2, 21, 21)),
        (9, 41, (3, 3, 41, 41)),
    ],
)
def test_a_page_knows_its_rows(number: int, total: int, expected: tuple[int, ...]) -> None:
    paging = Paging(number, total)
    assert (paging.number, paging.pages, paging.first, paging.last) == expected


@pytest.mark.parametrize(
    "asked", ["0", "-1", "x", "", "1e9", "99999999999999999999", "٣", "2'", "\x00", "1.5"]
)
def test_a_nonsense_number_shows_a_page(migrated_app: Flask, asked: str) -> None:
    with migrated_app.test_request_context("/list", query_string={"page": asked}):
        paging = Paging.of_request(100)
    assert paging.number == 1
    assert paging.offset == 0


def test_a_number_beyond_the_end_shows_the_last_page(migrated_app: Flask) -> None:
    with migrated_app.test_request_context("/list?page=999999999"):
        assert Paging.of_request(45).number == 3


def test_neighbours_keep_search_and_filters(migrated_app: Flask) -> None:
    with migrated_app.test_request_context("/list?q=rua%20x%26y&page=2&state=active"):
        paging = Paging.of_request(100)
    assert paging.url(3) == "/list?q=rua+x%26y&state=active&page=3"
