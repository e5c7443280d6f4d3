"""What clients created, in `park.duckdb` and in memory."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterable, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from typing import Any

import orjson

from twin.graph import Database

MODULE = "sta"
COLUMNS = "entity_set VARCHAR, id VARCHAR, body JSON, links JSON, created_ms BIGINT, created_by VARCHAR"
MIGRATIONS = (f"CREATE TABLE sta_entity ({COLUMNS})",)


@dataclass(frozen=True, slots=True)
class Created:
    """One entity. body: its properties; links: ids by navigation, in the direction that is stored (a Datastream's Thing)."""

    entity_set: str
    id: str
    body: dict[str, Any]
    links: dict[str, list[str]] = field(default_factory=dict)
    created_ms: int = 0
    created_by: str = ""


class CreatedStore:
    """The created entities in order of creation. Safe from several threads."""

    def __init__(self, db: Database) -> None:
        db.migrate(MODULE, MIGRATIONS)
        self._db = db
        self._lock = threading.Lock()  # of what is in memory, held for moments: readers wait for it
        self._writer = threading.RLock()
        self.revision = 0
        self._all: dict[tuple[str, str], Created] = {}
        for row in db.rows("SELECT * FROM sta_entity ORDER BY created_ms, rowid"):
            row["body"], row["links"] = orjson.loads(row["body"]), orjson.loads(row["links"])
            self._all[row["entity_set"], row["id"]] = Created(**row)

    def all(self) -> list[Created]:
        """Everything, oldest first."""
        with self._lock:
            return list(self._all.values())

    def find(self, entity_set: str, ident: str) -> Created | None:
        """One entity, None where no client created it."""
        return self._all.get((entity_set, ident))

    def writing(self) -> AbstractContextManager[Any]:
        """Held while a change is looked at and written: one at a time; reading goes on meanwhile."""
        return self._writer

    def write(
        self,
        save: Iterable[Created],
        drop: Sequence[tuple[str, str]] = (),
        also: Callable[[Any], None] = lambda _cursor: None,
    ) -> None:
        """Save new or changed entities and drop others, in one transaction with what `also` does."""
        saved = list(save)
        with self._writer, self._db.transaction() as cursor:
            for entity_set, ident in [*drop, *((one.entity_set, one.id) for one in saved)]:
                cursor.execute("DELETE FROM sta_entity WHERE entity_set = ? AND id = ?", [entity_set, ident])
            for one in saved:
                cursor.execute(
                    "INSERT INTO sta_entity VALUES (?, ?, ?, ?, ?, ?)",
                    [
                        *(one.entity_set, one.id, orjson.dumps(one.body).decode()),
                        *(orjson.dumps(one.links).decode(), one.created_ms, one.created_by),
                    ],
                )
            also(cursor)
        with self._lock:
            for key in drop:
                self._all.pop(key, None)
            for one in saved:
                self._all[one.entity_set, one.id] = one
            self.revision += 1
