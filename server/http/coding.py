"""Whether an answer travels compressed."""

from __future__ import annotations

import gzip

from fastapi import Request

LEAST = 1_400
"""Bytes: what fits into one packet is not compressed."""
LEVEL = 5
"""A megabyte of points as JSON takes 9 ms; the highest level takes 44 for 3 % fewer bytes."""


def takes_gzip(request: Request) -> bool:
    """Whether the request's Accept-Encoding takes gzip."""
    for item in request.headers.get("accept-encoding", "").lower().split(","):
        name, _, weight = item.strip().partition(";")
        if name.strip() in ("gzip", "*"):
            return weight.strip().replace(" ", "") not in ("q=0", "q=0.0", "q=0.00", "q=0.000")
    return False


def gzipped(content: bytes) -> bytes:
    """The content compressed; equal for equal content."""
    return gzip.compress(content, LEVEL, mtime=0)
