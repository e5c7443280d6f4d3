"""The choice between schemes and its reasons, kept in park.duckdb."""

from __future__ import annotations

from dataclasses import dataclass

from twin.clock import Clock, iso
from twin.errors import Invalid, NotFound
from twin.graph import Database
from twin.park import Park

MIGRATIONS = ("CREATE TABLE scheme_decision (scheme VARCHAR, reason VARCHAR, decided_by VARCHAR, decided_at VARCHAR)",)
MAX_REASON = 4000


@dataclass(frozen=True)
class Decision:
    """Who chose which scheme, when (RFC 3339), and why."""

    scheme: str
    reason: str
    decided_by: str
    decided_at: str


class DecisionStore:
    """Decisions, newest last; nothing is overwritten."""

    def __init__(self, db: Database, clock: Clock) -> None:
        self._db, self._clock = db, clock
        db.migrate("schemes", MIGRATIONS)

    def decide(self, park: Park, scheme: str, reason: str, user: str) -> Decision:
        """Keep a choice. Raises NotFound for an unknown scheme, Invalid without a reason."""
        if scheme not in {known.id for known in park.schemes}:
            raise NotFound(
                f"No scheme has the id {scheme!r}: known are {', '.join(known.id for known in park.schemes) or 'none'}",
                code="no-scheme",
            )
        text = reason.strip()
        if not text or len(text) > MAX_REASON:
            raise Invalid(f"A decision needs a reason of 1 to {MAX_REASON} characters, not {len(text)}", code="reason")
        made = Decision(scheme, text, user, iso(self._clock.now_ms()))
        with self._db.transaction() as cursor:
            cursor.execute(
                "INSERT INTO scheme_decision VALUES (?, ?, ?, ?)",
                [made.scheme, made.reason, made.decided_by, made.decided_at],
            )
        return made

    def all(self) -> list[Decision]:
        """Every decision, oldest first."""
        rows = self._db.rows("SELECT * FROM scheme_decision ORDER BY decided_at")
        return [Decision(**row) for row in rows]
