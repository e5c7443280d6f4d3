from __future__ import annotations

import json
from pathlib import Path

from server.app import describe_only
from server.openapi import document
from tests.server.conftest import API, Served

FILE = Path(__file__).parents[2] / "docs" / "reference" / "openapi.json"


def test_the_committed_document_is_current() -> None:
    made = json.dumps(document(describe_only()), ensure_ascii=False, indent=1, sort_keys=True) + "\n"
    assert FILE.read_text(encoding="utf-8") == made, "run: python -m server.openapi > docs/reference/openapi.json"


def test_document_names_operations_and_live_messages() -> None:
    found = document(describe_only())
    schemas = found["components"]["schemas"]
    for name in ("Snapshot", "Delta", "AlarmEvent", "SceneEvent", "Subscribe", "Problem", "ObjectCard"):
        assert name in schemas
    for path, methods in found["paths"].items():
        for method, operation in methods.items():
            assert operation["summary"], (method, path)
            assert operation["description"], (method, path)
            assert operation["responses"]["default"]["content"]["application/problem+json"]
            ids = operation["operationId"]
            assert ids
    assert all(path.startswith((API, "/tiles", "/healthz", "/readyz", "/metrics")) for path in found["paths"])


def test_references_resolve() -> None:
    text = json.dumps(found := document(describe_only()))
    names = {part.split('"')[0] for part in text.split("#/components/schemas/")[1:]}
    assert names <= set(found["components"]["schemas"])


def test_served_document(served: Served) -> None:
    assert served.client.get(f"{API}/openapi.json").json() == document(describe_only())
