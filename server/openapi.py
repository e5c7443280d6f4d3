"""The OpenAPI document: `python -m server.openapi > docs/reference/openapi.json`."""

from __future__ import annotations

import json
import sys
from typing import Any

from fastapi import FastAPI
from fastapi.openapi.utils import get_openapi
from pydantic.json_schema import models_json_schema

from server.accounts.roles import Permission
from server.models.base import Problem
from server.models.live import LIVE_MESSAGES
from server.problems import MEDIA_TYPE

TITLE = "parktwin"
API_VERSION = "1"
REFERENCE = "#/components/schemas/{model}"
DESCRIPTION = (
    "Scene graph, live values, alarms, schemes, reviews and administration of one park. Sign in with POST /session;"
    " changing requests carry the session's `csrf` in the header X-CSRF-Token. Errors are RFC 9457 problem details"
    " with a stable `code`."
)


def document(app: FastAPI) -> dict[str, Any]:
    """The document of an application, the same bytes for the same code."""
    found = get_openapi(title=TITLE, version=API_VERSION, description=DESCRIPTION, routes=app.routes)
    schemas: dict[str, Any] = found["components"]["schemas"]
    _, live = models_json_schema([(model, "validation") for model in (*LIVE_MESSAGES, Problem)], ref_template=REFERENCE)
    for name, schema in live["$defs"].items():
        schemas.setdefault(name, schema)
    schemas.pop("HTTPValidationError", None)
    schemas.pop("ValidationError", None)
    refused = {
        "description": "Problem details",
        "content": {MEDIA_TYPE: {"schema": {"$ref": REFERENCE.format(model="Problem")}}},
    }
    for methods in found["paths"].values():
        for operation in methods.values():
            operation["responses"].pop("422", None)
            operation["responses"]["default"] = refused
    schemas["Permission"] = {"type": "string", "enum": [permission.value for permission in Permission]}
    return found


def main() -> int:
    """Write the document to standard output."""
    from server.app import describe_only  # noqa: PLC0415  app imports this module

    json.dump(document(describe_only()), sys.stdout, ensure_ascii=False, indent=1, sort_keys=True)
    sys.stdout.write("\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
