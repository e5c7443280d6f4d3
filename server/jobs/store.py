"""Job rows in `park.duckdb`: what was begun is known after a restart."""

from __future__ import annotations

import json
from typing import Any

from server.jobs.job import Job, JobState
from twin.graph import Database

MODULE = "jobs"
MIGRATIONS = (
    """
    CREATE TABLE job (
        id VARCHAR, kind VARCHAR, target VARCHAR, owner VARCHAR, state VARCHAR, created_ms BIGINT, progress DOUBLE,
        phase VARCHAR, message VARCHAR, result JSON, error JSON, started_ms BIGINT, ended_ms BIGINT
    )
    """,
)


class JobStore:
    """Reads and writes whole rows."""

    def __init__(self, db: Database) -> None:
        db.migrate(MODULE, MIGRATIONS)
        self._db = db

    def write(self, job: Job) -> None:
        """Put a job's present state down."""
        with self._db.transaction() as cursor:
            cursor.execute("DELETE FROM job WHERE id = ?", [job.id])
            cursor.execute(
                "INSERT INTO job VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
                [
                    job.id,
                    job.kind,
                    job.target,
                    job.owner,
                    job.state.value,
                    job.created_ms,
                    job.progress,
                    job.phase,
                    job.message,
                    None if job.result is None else json.dumps(job.result, ensure_ascii=False, default=str),
                    None if job.error is None else json.dumps(job.error, ensure_ascii=False, default=str),
                    job.started_ms,
                    job.ended_ms,
                ],
            )

    def load(self, keep: int) -> list[Job]:
        """The newest `keep` jobs, newest first; older ones are forgotten."""
        with self._db.transaction() as cursor:
            cursor.execute(
                "DELETE FROM job WHERE id NOT IN (SELECT id FROM job ORDER BY created_ms DESC, id DESC LIMIT ?)", [keep]
            )
        return [_job(row) for row in self._db.rows("SELECT * FROM job ORDER BY created_ms DESC, id DESC")]


def _job(row: dict[str, Any]) -> Job:
    return Job(
        **{
            **row,
            "state": JobState(row["state"]),
            "result": None if row["result"] is None else json.loads(row["result"]),
            "error": None if row["error"] is None else json.loads(row["error"]),
        }
    )
