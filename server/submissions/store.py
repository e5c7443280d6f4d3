"""Submission rows in `park.duckdb`."""

from __future__ import annotations

import json
from typing import Any

from server.submissions.submission import Submission, SubmissionState
from twin.errors import NotFound
from twin.graph import Database

MODULE = "submissions"
MIGRATIONS = (
    """
    CREATE TABLE submission (
        id VARCHAR, name VARCHAR, state VARCHAR, owner VARCHAR, created_ms BIGINT, size BIGINT, sha256 VARCHAR,
        job VARCHAR, version VARCHAR, counts JSON, error JSON
    )
    """,
    """ALTER TABLE submission ADD COLUMN "placing" JSON DEFAULT '{}'""",
)


class SubmissionStore:
    """Reads and writes whole rows."""

    def __init__(self, db: Database) -> None:
        db.migrate(MODULE, MIGRATIONS)
        self._db = db

    def write(self, row: Submission) -> None:
        """Put a submission's present state down."""
        with self._db.transaction() as cursor:
            cursor.execute("DELETE FROM submission WHERE id = ?", [row.id])
            cursor.execute(
                "INSERT INTO submission VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
                [
                    row.id,
                    row.name,
                    row.state.value,
                    row.owner,
                    row.created_ms,
                    row.size,
                    row.sha256,
                    row.job,
                    row.version,
                    json.dumps(row.counts),
                    None if row.error is None else json.dumps(row.error, ensure_ascii=False, default=str),
                    json.dumps(row.placing),
                ],
            )

    def get(self, ident: str) -> Submission:
        """One submission. Raises NotFound."""
        rows = self._db.rows("SELECT * FROM submission WHERE id = ?", [ident])
        if not rows:
            raise NotFound(f"No submission has the id {ident!r}", code="no-submission")
        return _submission(rows[0])

    def list(self) -> list[Submission]:
        """All submissions, newest first."""
        return [_submission(row) for row in self._db.rows("SELECT * FROM submission ORDER BY created_ms DESC, id")]


def _submission(row: dict[str, Any]) -> Submission:
    return Submission(
        **{
            **row,
            "state": SubmissionState(row["state"]),
            "counts": json.loads(row["counts"]),
            "placing": json.loads(row["placing"]),
            "error": None if row["error"] is None else json.loads(row["error"]),
        }
    )
