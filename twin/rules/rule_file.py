"""Read `alarms.yaml`: every wrong entry is named with its line and what was expected."""

from __future__ import annotations

from pathlib import Path

from twin.entry_file import EntryFile
from twin.errors import Invalid
from twin.rules.rule import AlarmRule

FILE = "alarms.yaml"
ENTRIES = EntryFile(AlarmRule, code="alarm-rules", title="rules", noun="rule")


def read_rules(path: Path) -> list[AlarmRule]:
    """Rules of a file: a list of rules, or a mapping with the one key `rules`. No file is no rules.

    Raises Invalid naming file, line, entry and expectation.
    """
    seen: dict[str, int] = {}
    placed = ENTRIES.read(path)
    for rule, line, *_ in placed:
        if rule.id in seen:
            raise Invalid(
                f"{path}, line {line}: rule id {rule.id!r} stands already at line {seen[rule.id]};"
                " expected each id once",
                code="alarm-rules",
            )
        seen[rule.id] = line
    return [rule for rule, *_ in placed]
