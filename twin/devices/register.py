"""`DeviceRegister`: devices in `park.duckdb`, with every change of them."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Any

import pyarrow as pa

from twin.clock import Clock
from twin.devices.device import FIELDS, Device, check, check_id
from twin.devices.schema import COLUMNS, MIGRATIONS, MODULE
from twin.errors import Conflict, Invalid, NotFound
from twin.graph.database import Database

MAX_DEPTH = 8
_ARROW = pa.schema(
    [
        (name, pa.list_(pa.string()) if name in {"groups", "tags"} else pa.int32() if name in {"maintain_every_days", "version"}
         else pa.int64() if name.endswith("_ms") else pa.float64() if name == "heartbeat_s" else pa.string())
        for name in COLUMNS
    ]
)  # fmt: skip


class DeviceRegister:
    """Registers, changes and retires devices; nothing is ever deleted. Safe from several threads.

    `revision` moves with every change, so that what is derived from the register knows when to look again.
    """

    def __init__(self, db: Database, clock: Clock) -> None:
        db.migrate(MODULE, MIGRATIONS)
        self.db, self.clock = db, clock
        self.revision = 0
        self._lock = threading.RLock()

    def locked(self) -> threading.RLock:
        """To hold (`with`) while several steps must find the register unchanged."""
        return self._lock

    def get(self, ident: str) -> Device:
        """One device. Raises NotFound."""
        found = self.some([ident])
        if not found:
            raise NotFound(f"No device has the id {ident!r}", code="no-device")
        return found[ident]

    def some(self, idents: Sequence[str] | None = None) -> dict[str, Device]:
        """Devices by id: those of the ids that exist, or all."""
        where = "" if idents is None else "WHERE id IN (SELECT unnest(?::VARCHAR[]))"
        rows = self.db.rows(
            f"SELECT {', '.join(COLUMNS)} FROM device {where}", [] if idents is None else [list(idents)]
        )
        return {row["id"]: _device(row) for row in rows}

    def count(self) -> int:
        """Devices in service."""
        return int(self.db.rows("SELECT count(*) AS n FROM device WHERE state = 'active'")[0]["n"])

    def create(self, ident: str, fields: Mapping[str, object], who: str) -> Device:
        """Register a device. Raises Invalid naming the field, Conflict where the id is taken (also by a retired one)."""
        fault = check_id(ident)
        if fault:
            raise Invalid(f"Device {ident!r}: {fault}", code="device-field", field="id")
        with self._lock:
            if self.some([ident]):
                raise Conflict(
                    f"A device {ident!r} exists already: choose another id, or restore it", code="device-exists"
                )
            now = self.clock.now_ms()
            device = replace(Device(ident, created_ms=now, changed_ms=now), **_taken(ident, fields))
            self._check_parents([device])
            self.put([device], [(ident, "create", _shown(device, fields))], who)
            return device

    def change(self, ident: str, fields: Mapping[str, object], who: str, *, version: int | None = None) -> Device:
        """Change what is given. version: the one that was read; Conflict where another change came between.

        Raises NotFound, Invalid naming the field, Conflict where the device is retired.
        """
        with self._lock:
            old = self.get(ident)
            if version is not None and version != old.version:
                raise Conflict(
                    f"Device {ident!r} was changed meanwhile (version {old.version}, read was {version}): read it again",
                    code="device-changed",
                )
            if old.state != "active":
                raise Conflict(f"Device {ident!r} is retired: restore it before it is changed", code="device-retired")
            new = replace(old, **_taken(ident, fields))
            if new == old:
                return old
            self._check_parents([new])
            new = replace(new, changed_ms=self.clock.now_ms(), version=old.version + 1)
            self.put([new], [(ident, "change", difference(old, new))], who)
            return new

    def set_state(self, ident: str, state: str, who: str, reason: str = "") -> Device:
        """Retire a device, or restore it. Raises NotFound, Conflict where it is so already or others hang on it."""
        with self._lock:
            old = self.get(ident)
            if old.state == state:
                raise Conflict(f"Device {ident!r} is {state} already", code="device-state")
            if state == "retired":
                children = self.db.rows(
                    "SELECT id FROM device WHERE parent = ? AND state = 'active' ORDER BY id LIMIT 3", [ident]
                )
                if children:
                    names = ", ".join(row["id"] for row in children)
                    raise Conflict(
                        f"Device {ident!r} is the gateway of {names}: give these another one first",
                        code="device-children",
                    )
            else:
                self._check_parents([replace(old, state=state)])
            new = replace(old, state=state, changed_ms=self.clock.now_ms(), version=old.version + 1)
            action = "retire" if state == "retired" else "restore"
            self.put([new], [(ident, action, {"reason": reason} if reason else {})], who)
            return new

    def put(self, devices: Sequence[Device], changes: Iterable[tuple[str, str, object]], who: str) -> None:
        """Write checked devices and their changes, all or nothing. changes: (device, action, detail)."""
        rows = [device.as_dict() for device in devices]
        incoming = pa.table({name: pa.array([row[name] for row in rows], _ARROW.field(name).type) for name in COLUMNS})
        now = self.clock.now_ms()
        noted = list(changes)
        notes = pa.table(
            {
                "device": pa.array([device for device, _, _ in noted], pa.string()),
                "action": pa.array([action for _, action, _ in noted], pa.string()),
                "detail": pa.array([json.dumps(detail, ensure_ascii=False) for _, _, detail in noted], pa.string()),
            }
        )
        with self._lock, self.db.transaction() as cursor:
            cursor.register("incoming_device", incoming)
            cursor.register("incoming_change", notes)
            cursor.execute("DELETE FROM device WHERE id IN (SELECT id FROM incoming_device)")
            cursor.execute(f"INSERT INTO device SELECT {', '.join(COLUMNS)} FROM incoming_device")
            cursor.execute(
                "INSERT INTO device_change (device, at_ms, who, action, detail)"
                " SELECT device, ?, ?, action, detail FROM incoming_change",
                [now, who],
            )
            cursor.unregister("incoming_device")
            cursor.unregister("incoming_change")
        self.revision += 1

    def note(self, ident: str, action: str, detail: object, who: str) -> None:
        """Add a line to a device's history that changed none of its fields."""
        with self.db.transaction() as cursor:
            cursor.execute(
                "INSERT INTO device_change (device, at_ms, who, action, detail) VALUES (?, ?, ?, ?, ?)",
                [ident, self.clock.now_ms(), who, action, json.dumps(detail, ensure_ascii=False)],
            )

    def history(self, ident: str, limit: int = 50, offset: int = 0) -> dict[str, Any]:
        """`{items, total}` of what was done to a device, newest first: at (epoch ms), who, action, detail."""
        total = self.db.rows("SELECT count(*) AS n FROM device_change WHERE device = ?", [ident])[0]["n"]
        rows = self.db.rows(
            "SELECT at_ms AS at, who, action, detail FROM device_change WHERE device = ? ORDER BY id DESC LIMIT ? OFFSET ?",
            [ident, limit, offset],
        )
        return {"items": [{**row, "detail": json.loads(row["detail"] or "{}")} for row in rows], "total": total}

    def _check_parents(self, devices: Sequence[Device]) -> None:
        wrong = parent_faults(devices, self.parents())
        if wrong:
            ident, text = next(iter(wrong.items()))
            raise Invalid(f"Device {ident!r}: {text}", code="device-field", field="parent")

    def parents(self) -> dict[str, str]:
        """Gateway by id, of all devices in service."""
        return {
            row["id"]: row["parent"] or ""
            for row in self.db.rows("SELECT id, parent FROM device WHERE state = 'active'")
        }


def parent_faults(devices: Iterable[Device], parents: dict[str, str]) -> dict[str, str]:
    """What is wrong with gateways, by device: missing, itself, in a ring, too deep. parents: of all others."""
    given = [device for device in devices if device.state == "active"]
    after = {**parents, **{device.id: device.parent for device in given}}
    wrong: dict[str, str] = {}
    for device in given:
        seen, at = [device.id], device.parent
        while at:
            if at not in after:
                wrong[device.id] = f"parent is {at!r}; expected a device in service"
                break
            if at in seen or len(seen) >= MAX_DEPTH:
                wrong[device.id] = f"parent {device.parent!r} makes a ring or more than {MAX_DEPTH} levels of gateways"
                break
            seen.append(at)
            at = after[at]
    return wrong


def difference(old: Device, new: Device) -> dict[str, list[Any]]:
    """Fields that differ: [before, after]."""
    before, after = old.as_dict(), new.as_dict()
    return {name: [before[name], after[name]] for name in FIELDS if before[name] != after[name]}


def _shown(device: Device, fields: Mapping[str, object]) -> dict[str, Any]:
    row = device.as_dict()
    return {name: [None, row[name]] for name in fields if name in FIELDS and row[name] not in ("", None, [])}


def _taken(ident: str, fields: Mapping[str, object]) -> dict[str, Any]:
    clean, faults = check(fields)
    if faults:
        more = f" (and {len(faults) - 1} more)" if len(faults) > 1 else ""
        raise Invalid(f"Device {ident!r}: {faults[0]}{more}", code="device-field", field=faults[0].field)
    return clean


def _device(row: Mapping[str, Any]) -> Device:
    values = dict(row)
    for name in ("installed", "maintained"):
        values[name] = None if values[name] is None else values[name].isoformat()
    for name in ("groups", "tags"):
        values[name] = tuple(values[name] or ())
    return Device(**values)
