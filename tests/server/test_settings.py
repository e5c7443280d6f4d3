from __future__ import annotations

import io
import json
import logging
from dataclasses import fields
from pathlib import Path

import pytest

from server import logs
from server.http.context import request_id
from server.settings import Settings
from twin.errors import Invalid


def test_environment_is_read_by_type() -> None:
    made = Settings.from_environment(
        {"PARK_JOB_WORKERS": "4", "PARK_LOG_JSON": "yes", "PARK_WEB_DIST": "/srv/web", "PARK_UNKNOWN": "x", "HOME": "/"}
    )
    assert (made.job_workers, made.log_json, made.web_dist) == (4, True, Path("/srv/web"))
    assert made.job_keep == Settings().job_keep


@pytest.mark.parametrize(
    ("name", "value"), [("PARK_JOB_WORKERS", "many"), ("PARK_JOB_WORKERS", "0"), ("PARK_LOG_JSON", "perhaps")]
)
def test_wrong_values_are_named(name: str, value: str) -> None:
    with pytest.raises(Invalid, match=f"{name} is '{value}'"):
        Settings.from_environment({name: value})


def test_every_setting_is_documented() -> None:
    rows = Settings.documented()
    assert len(rows) == len(fields(Settings))
    assert all(name.startswith("PARK_") and text.endswith(".") for name, _, text in rows)


def test_log_lines_are_json_with_the_request_and_the_trace() -> None:
    root = logging.getLogger()
    handlers, level = root.handlers[:], root.level
    stream = io.StringIO()
    try:
        logs.set_up(json_lines=True, stream=stream)
        token = request_id.set("abc12345")
        try:
            int("broken")
        except ValueError:
            logging.getLogger("test").exception("it failed: %s", "x", extra={"incident": "42"})
        finally:
            request_id.reset(token)
    finally:
        root.handlers[:] = handlers
        root.setLevel(level)
    row = json.loads(stream.getvalue())
    assert (row["level"], row["message"], row["request_id"], row["incident"]) == (
        "error",
        "it failed: x",
        "abc12345",
        "42",
    )
    assert "ValueError: invalid literal" in row["trace"]
    assert row["time"].endswith("Z")
