"""Reads a connector's settings from its `park.toml` entry, and says by name which one is wrong."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Final

from twin.errors import Invalid

REQUIRED: Final = object()
"""As a default: the setting must be there."""


class SettingReader:
    """Takes settings one by one; `done` refuses those that nobody took. All methods raise Invalid."""

    def __init__(self, connector: str, settings: Mapping[str, object]) -> None:
        self._connector, self._rest = connector, dict(settings)
        self._known: list[str] = []

    def text(self, name: str, default: object = REQUIRED, *, one_of: tuple[str, ...] = ()) -> str:
        """A text, of these where they are given."""
        value = self._take(name, default)
        if not isinstance(value, str) or (one_of and value not in one_of):
            raise self.wrong(name, value, f"one of {', '.join(one_of)}" if one_of else "a text")
        return value

    def number(self, name: str, default: object = REQUIRED, *, low: float = -math.inf, high: float = math.inf) -> float:
        """A finite number, low ≤ number ≤ high."""
        value = self._take(name, default)
        if not isinstance(value, int | float) or isinstance(value, bool) or not low <= value <= high:
            raise self.wrong(name, value, f"a number from {low:g} to {high:g}")
        return float(value)

    def whole(self, name: str, default: object = REQUIRED, *, low: int, high: int) -> int:
        """A whole number, low ≤ number ≤ high."""
        value = self._take(name, default)
        if not isinstance(value, int) or isinstance(value, bool) or not low <= value <= high:
            raise self.wrong(name, value, f"a whole number from {low} to {high}")
        return value

    def flag(self, name: str, default: object = REQUIRED) -> bool:
        """True or false."""
        value = self._take(name, default)
        if not isinstance(value, bool):
            raise self.wrong(name, value, "true or false")
        return value

    def texts(self, name: str, default: object = REQUIRED) -> list[str]:
        """A list of texts."""
        value = self._take(name, default)
        if not isinstance(value, list | tuple) or not all(isinstance(item, str) for item in value):
            raise self.wrong(name, value, "a list of texts")
        return [str(item) for item in value]

    def table(self, name: str, default: object = REQUIRED) -> dict[str, object]:
        """A table of further settings."""
        value = self._take(name, default)
        if not isinstance(value, Mapping):
            raise self.wrong(name, value, "a table")
        return {str(key): item for key, item in value.items()}

    def tables(self, name: str, default: object = REQUIRED) -> list[dict[str, object]]:
        """A list of tables of further settings."""
        value = self._take(name, default)
        if not isinstance(value, list | tuple) or not all(isinstance(item, Mapping) for item in value):
            raise self.wrong(name, value, "a list of tables")
        return [{str(key): item for key, item in table.items()} for table in value]

    def done(self) -> None:
        """Refuse what is left."""
        if self._rest:
            raise Invalid(
                f"Connector {self._connector!r}: setting {min(self._rest)!r} is unknown; expected "
                f"{', '.join(self._known)}",
                code="connector",
            )

    def wrong(self, name: str, value: object, expected: str) -> Invalid:
        """The error that names a setting, its value and what was expected."""
        if value is REQUIRED:
            return Invalid(f"Connector {self._connector!r}: {name} is missing; expected {expected}", code="connector")
        return Invalid(f"Connector {self._connector!r}: {name} is {value!r}; expected {expected}", code="connector")

    def _take(self, name: str, default: object) -> object:
        self._known.append(name)
        return self._rest.pop(name, default)
