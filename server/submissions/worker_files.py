"""Names of the files that a review leaves beside its model."""

from __future__ import annotations

RESULT = "review.json"
HTML = "report.html"
PDF = "report.pdf"
