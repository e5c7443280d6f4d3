"""Bulk import: what each row of a list would do, and doing all of it or nothing."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import Any, Literal

from twin.devices.device import Device, check, check_id
from twin.devices.register import DeviceRegister, difference, parent_faults
from twin.devices.sheet import Line
from twin.errors import Invalid

Action = Literal["add", "change", "same", "refuse"]
ACTIONS: tuple[Action, ...] = ("add", "change", "same", "refuse")


@dataclass(slots=True)
class Row:
    """What a row would do. reasons: why it is refused; hints: what is odd and taken; changes: [before, after] by field."""

    number: int
    id: str
    action: Action
    reasons: list[str] = field(default_factory=list)
    hints: list[str] = field(default_factory=list)
    changes: dict[str, list[Any]] = field(default_factory=dict)
    device: Device | None = None

    def as_dict(self) -> dict[str, Any]:
        """Plain data, without the device."""
        return {
            "row": self.number,
            "id": self.id,
            "action": self.action,
            "reasons": self.reasons,
            "hints": self.hints,
            "changes": self.changes,
        }


@dataclass(frozen=True, slots=True)
class Plan:
    """All rows of a list."""

    rows: Sequence[Row]

    def counts(self) -> dict[str, int]:
        """Rows by action."""
        return {action: sum(row.action == action for row in self.rows) for action in ACTIONS}


def plan(register: DeviceRegister, lines: Sequence[Line]) -> Plan:
    """What a list would do to the register now. Columns that the list lacks stay as they are; an empty cell empties."""
    known = register.some()
    seen: dict[str, int] = {}
    rows = [_row(line, known, seen) for line in lines]
    _behind_refused(rows, known)
    taken = {row.id: row for row in rows if row.device is not None}
    devices = [row.device for row in rows if row.device is not None]
    for ident, text in parent_faults(devices, register.parents()).items():
        _refuse(taken[ident], text)
    _behind_refused(rows, known)
    _odd(register, rows, known)
    return Plan(rows)


def carry_out(register: DeviceRegister, lines: Sequence[Line], who: str) -> Plan:
    """Do what a list says, in one transaction. Raises Invalid, and changes nothing, where any row is refused."""
    with register.locked():
        found = plan(register, lines)
        refused = [row for row in found.rows if row.action == "refuse"]
        if refused:
            raise Invalid(
                f"{len(refused)} of {len(found.rows)} rows cannot be taken, so nothing was: row {refused[0].number}:"
                f" {refused[0].reasons[0]}",
                code="device-list",
                rows=[row.as_dict() for row in refused[:100]],
            )
        now = register.clock.now_ms()
        devices, changes = [], []
        for row in found.rows:
            if row.device is None or row.action not in {"add", "change"}:
                continue
            old = known_version(row)
            devices.append(
                replace(row.device, changed_ms=now, created_ms=row.device.created_ms or now, version=old + 1)
            )
            changes.append((row.id, "create" if row.action == "add" else "change", {**row.changes, "by": "import"}))
        if devices:
            register.put(devices, changes, who)
    return found


def known_version(row: Row) -> int:
    """The version that a row's device had; 0 for a new one."""
    return row.device.version if row.device is not None and row.action == "change" else 0


def _row(line: Line, known: dict[str, Device], seen: dict[str, int]) -> Row:
    values = dict(line.values)
    ident = str(values.pop("id", "") or "").strip()
    row = Row(line.number, ident, "add", list(line.faults))
    fault = check_id(ident)
    if fault:
        row.reasons.append(str(fault))
    elif ident in seen:
        row.reasons.append(f"id {ident!r} stands already in row {seen[ident]}; expected one row per device")
    else:
        seen[ident] = line.number
    clean, faults = check(values)
    row.reasons += [str(one) for one in faults]
    old = known.get(ident)
    if old is not None and old.state != "active":
        row.reasons.append("the device is retired; restore it before it is changed")
    if row.reasons:
        row.action = "refuse"
        return row
    row.device = replace(old or Device(ident), **clean)
    row.changes = difference(old or Device(ident), row.device)
    row.action = "add" if old is None else "change" if row.changes else "same"
    return row


def _refuse(row: Row, text: str) -> None:
    row.reasons.append(text)
    row.action, row.device = "refuse", None


def _behind_refused(rows: Sequence[Row], known: dict[str, Device]) -> None:
    """A device behind a gateway that is refused cannot be taken either."""
    while True:
        taken = {row.id for row in rows if row.device is not None}
        out = {row.id for row in rows if row.action == "refuse"} - taken - set(known) - {""}
        more = [row for row in rows if row.device is not None and row.device.parent in out]
        if not more:
            return
        for row in more:
            parent = row.device.parent if row.device else ""
            _refuse(row, f"parent {parent!r} is refused itself; expected a device in service")


def _odd(register: DeviceRegister, rows: Sequence[Row], known: dict[str, Device]) -> None:
    """Hints: objects that are not published, serial numbers that another device has."""
    fresh = [row for row in rows if row.device is not None and row.action in {"add", "change"}]
    gids = sorted({row.device.gid for row in fresh if row.device and row.device.gid})
    found = register.db.rows("SELECT gid FROM object WHERE gid IN (SELECT unnest(?::VARCHAR[]))", [gids])
    there = {row["gid"] for row in found}
    serials: dict[tuple[str, str], str] = {(one.maker, one.serial): one.id for one in known.values() if one.serial}
    for row in fresh:
        device = row.device
        if device is None:
            continue
        if device.gid and device.gid not in there:
            row.hints.append(f"gid {device.gid!r} is no published object")
        other = serials.setdefault((device.maker, device.serial), device.id) if device.serial else device.id
        if other != device.id:
            row.hints.append(f"serial {device.serial!r} is that of {other!r} too")
