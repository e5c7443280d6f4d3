"""Compressed answers: who gets them, and that they hold the same."""

from __future__ import annotations

import gzip

import pytest
from fastapi import Request

from server.http.coding import LEAST, takes_gzip
from server.http.respond import tagged


def request(**headers: str) -> Request:
    pairs = [(name.replace("_", "-").encode(), value.encode()) for name, value in headers.items()]
    return Request({"type": "http", "method": "GET", "path": "/", "query_string": b"", "headers": pairs})


@pytest.mark.parametrize(
    ("header", "expected"),
    [
        ("gzip", True),
        ("br, GZIP;q=0.5", True),
        ("*", True),
        ("", False),
        ("br", False),
        ("gzip;q=0", False),
        ("gzip; q=0.0, br", False),
    ],
)
def test_accept_encoding(header: str, expected: bool) -> None:
    assert takes_gzip(request(accept_encoding=header)) is expected


def test_a_long_answer_travels_compressed_to_whoever_takes_that() -> None:
    content = b"park " * LEAST
    plain = tagged(request(), content, "text/plain")
    packed = tagged(request(accept_encoding="gzip"), content, "text/plain")
    assert plain.body == content
    assert "content-encoding" not in plain.headers
    assert packed.headers["content-encoding"] == "gzip"
    assert gzip.decompress(packed.body) == content
    assert len(packed.body) < len(content) / 20
    assert plain.headers["vary"] == packed.headers["vary"] == "Accept-Encoding"
    assert plain.headers["etag"] != packed.headers["etag"]


def test_whoever_has_the_compressed_answer_is_not_sent_it_again() -> None:
    content = b"park " * LEAST
    etag = tagged(request(accept_encoding="gzip"), content, "text/plain").headers["etag"]
    again = tagged(request(accept_encoding="gzip", if_none_match=etag), content, "text/plain")
    assert (again.status_code, again.body, again.headers["etag"]) == (304, b"", etag)


def test_what_fits_into_a_packet_stays_as_it_is() -> None:
    answer = tagged(request(accept_encoding="gzip"), b"park", "text/plain")
    assert answer.body == b"park"
