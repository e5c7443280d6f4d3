"""Addresses that send values but belong to no point: bounded, so that a noisy broker costs no memory."""

from __future__ import annotations

MAX_CANDIDATES = 1000
MAX_SAMPLE = 200


class Candidates:
    """The first `limit` unknown addresses, each with its count, its last payload and the time it was heard."""

    def __init__(self, limit: int = MAX_CANDIDATES) -> None:
        self._limit = limit
        self._rows: dict[str, dict[str, object]] = {}
        self.overflow = 0

    def add(self, address: str, payload: bytes, now_ms: int) -> bool:
        """Note a message of an unknown address; beyond the limit it is only counted, and False is returned."""
        row = self._rows.get(address)
        if row is None:
            if len(self._rows) >= self._limit:
                self.overflow += 1
                return False
            row = self._rows[address] = {"address": address, "count": 0}
        row["count"] = int(str(row["count"])) + 1
        row["sample"] = payload[:MAX_SAMPLE].decode("utf-8", "replace")
        row["heard_at"] = now_ms
        return True

    def rows(self) -> list[dict[str, object]]:
        """All of them, by address."""
        return [dict(self._rows[address]) for address in sorted(self._rows)]

    def forget(self, addresses: object) -> None:
        """Leave out those that belong to points now."""
        if isinstance(addresses, dict):
            self._rows = {name: row for name, row in self._rows.items() if name not in addresses}
