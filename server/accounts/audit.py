"""The audit: who changed what, when, from where. Rows are only ever added."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from twin.clock import Clock, iso
from twin.graph import Database

MAX_DETAIL = 8_000


class AuditLog:
    """One function writes, one reads."""

    def __init__(self, db: Database, clock: Clock) -> None:
        self._db = db
        self._clock = clock

    def write(self, who: str, action: str, target: str, detail: dict[str, object], ip: str) -> None:
        """Add a row. `detail` is plain data; what is too long for a row is said to be so."""
        self.write_each(who, action, {target: detail}, ip)

    def write_each(self, who: str, action: str, details: Mapping[str, dict[str, object]], ip: str) -> None:
        """Add a row for each target, in one transaction."""
        now = self._clock.now_ms()
        rows = [[now, who, action, target, _text(detail), ip] for target, detail in details.items()]
        with self._db.transaction() as cursor:
            cursor.executemany(
                "INSERT INTO audit (at_ms, who, action, target, detail, ip) VALUES (?, ?, ?, ?, ?, ?)", rows
            )

    def search(
        self,
        *,
        q: str = "",
        who: str = "",
        action: str = "",
        since_ms: int | None = None,
        until_ms: int | None = None,
        limit: int = 50,
        offset: int = 0,
    ) -> dict[str, Any]:
        """`{items, total}`, newest first. `q` searches user, action, target and detail; `action` may be a prefix."""
        clauses, values = ["true"], list[object]()
        for clause, value in (
            ("who = ?", who or None),
            ("starts_with(action, ?)", action or None),
            ("at_ms >= ?", since_ms),
            ("at_ms < ?", until_ms),
        ):
            if value is not None:
                clauses.append(clause)
                values.append(value)
        if q:
            clauses.append("contains(lower(concat_ws(' ', who, action, target, CAST(detail AS VARCHAR))), lower(?))")
            values.append(q)
        where = " AND ".join(clauses)
        total = self._db.rows(f"SELECT count(*) AS n FROM audit WHERE {where}", values)[0]["n"]
        rows = self._db.rows(
            f"SELECT id, at_ms, who, action, target, detail, ip FROM audit WHERE {where} ORDER BY id DESC LIMIT ? OFFSET ?",
            [*values, limit, offset],
        )
        for row in rows:
            row["at"] = iso(row.pop("at_ms"))
            row["user"] = row.pop("who")
            row["address"] = row.pop("ip")
            row["detail"] = json.loads(row["detail"] or "{}")
        return {"items": rows, "total": total}


def _text(detail: dict[str, object]) -> str:
    text = json.dumps(detail, ensure_ascii=False, default=str)
    return text if len(text) <= MAX_DETAIL else json.dumps({"cut": text[: MAX_DETAIL // 2]}, ensure_ascii=False)
