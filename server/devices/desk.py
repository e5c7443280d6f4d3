"""What people do with devices, from the page and from the command line alike: done, audited, answered as plain data."""

from __future__ import annotations

import inspect
from pathlib import Path
from typing import Any, Protocol

from server.devices.service import Devices
from twin.devices import importing, listing, sheet
from twin.devices.binding.bind import bind
from twin.devices.binding.report import device_lines, report, targets_of
from twin.devices.binding.rules import read_rules
from twin.devices.credentials import MQTT, Credential
from twin.devices.ontology import brick
from twin.devices.ontology.brick import read_brick
from twin.devices.ontology.brick_write import write_brick
from twin.devices.ontology.haystack import read_haystack, write_haystack, write_haystack_zinc
from twin.devices.ontology.model import Description
from twin.devices.ontology.of_park import describe
from twin.devices.sheet import read_sheet
from twin.errors import Conflict, Invalid, NotFound
from twin.graph import GraphStore
from twin.state.point import points_from_rows

RULES_FILE = "binding.yaml"
"""In the park's folder: rules of binding that go before the ones that come along."""
BRICK, HAYSTACK, ZINC = "brick", "haystack", "zinc"


class AuditsChanges(Protocol):
    """Who acts, and where it is noted."""

    who: str

    def record(self, action: str, target: str, **detail: object) -> None:
        """One change that was made."""
        ...


class DeviceDesk:
    """The acts. All may take long, so none runs on the event loop; who changes credentials syncs the broker after."""

    def __init__(self, graph: GraphStore, devices: Devices, trail: AuditsChanges) -> None:
        self._graph, self._devices, self._trail = graph, devices, trail
        self._register = devices.register

    def page(self, filters: dict[str, str], group: str = "", **options: Any) -> dict[str, Any]:
        """A page of devices."""
        wanted: list[dict[str, Any]] = [dict(filters)]
        if group:
            wanted.append(self._devices.groups.wanted(group))
        return listing.page(self._register, self._devices.heard(), wanted, **options)

    def card(self, device: str) -> dict[str, Any]:
        """Everything about one device. Raises NotFound."""
        self._register.get(device)
        found: dict[str, Any] = self.page({"id": device, "state": "all"})["items"][0]
        return {
            **found,
            "points": self._devices.values(device),
            "credentials": [shown(one) for one in self._devices.credentials.of(device)],
            "children": self.page({"parent": device}, limit=1)["total"],
        }

    def create(self, device: str, fields: dict[str, object]) -> dict[str, Any]:
        """Register a device."""
        made = self._register.create(device, fields, self._trail.who)
        self._trail.record("device.create", made.id, **fields)
        return made.as_dict()

    def change(self, device: str, fields: dict[str, object], version: int | None = None) -> dict[str, Any]:
        """Change what is given."""
        changed = self._register.change(device, fields, self._trail.who, version=version)
        self._trail.record("device.change", device, **fields)
        return changed.as_dict()

    def retire(self, device: str, reason: str = "") -> dict[str, Any]:
        """Take a device out of service; its credentials end."""
        done = self._register.set_state(device, "retired", self._trail.who, reason)
        ended = self._devices.credentials.revoke_all(device)
        self._trail.record("device.retire", device, reason=reason, credentials=ended)
        return done.as_dict()

    def restore(self, device: str, reason: str = "") -> dict[str, Any]:
        """Take a retired device into service again."""
        done = self._register.set_state(device, "active", self._trail.who, reason)
        self._trail.record("device.restore", device, reason=reason)
        return done.as_dict()

    def history(self, device: str, limit: int = 50, offset: int = 0) -> dict[str, Any]:
        """Who changed what of a device. Raises NotFound."""
        self._register.get(device)
        return self._register.history(device, limit, offset)

    def issue(self, device: str, kind: str) -> dict[str, Any]:
        """A new credential with its secret; the old one of the kind ends."""
        if self._register.get(device).state != "active":
            raise Conflict(
                f"Device {device!r} is retired: restore it before it gets a credential", code="device-retired"
            )
        address = self._devices.broker_address() if kind == MQTT else ""
        made, secret = self._devices.credentials.issue(device, kind, self._trail.who)
        self._register.note(device, "credential-issue", {"kind": kind, "id": made.id}, self._trail.who)
        self._trail.record("device.credential", device, kind=kind, id=made.id)
        topics = self._devices.topics(device) if kind == MQTT else []
        return {**shown(made), "secret": secret, "address": address, "publish": topics, "subscribe": topics[:1]}

    def revoke(self, device: str, kind: str) -> dict[str, Any]:
        """End a credential."""
        self._register.get(device)
        self._devices.credentials.revoke(device, kind)
        self._register.note(device, "credential-revoke", {"kind": kind}, self._trail.who)
        self._trail.record("device.revoke", device, kind=kind)
        return {"device": device, "kind": kind}

    def import_list(self, data: bytes, kind: str, *, dry_run: bool) -> dict[str, Any]:
        """What a list does: planned, or done whole."""
        lines = read_sheet(data, kind)
        if dry_run:
            return _plan(importing.plan(self._register, lines), done=False)
        plan = importing.carry_out(self._register, lines, self._trail.who)
        self._trail.record("device.import", kind, **plan.counts())
        return _plan(plan, done=True)

    def rows(self, filters: dict[str, str], group: str = "") -> list[dict[str, Any]]:
        """Devices as rows of a list that can be imported again."""
        wanted: list[dict[str, Any]] = [dict(filters)]
        if group:
            wanted.append(self._devices.groups.wanted(group))
        idents = listing.ids(self._register, self._devices.heard(), wanted)
        found = self._register.some(idents)
        return [found[ident].as_dict() for ident in idents]

    def bind(self, data: bytes, kind: str, *, rules: str = "", register: bool = False) -> dict[str, Any]:
        """Bind a description to objects and points; `register` makes devices of bound equipment, all or none.

        rules: path of a file of rules; empty takes the park's `binding.yaml`, else the ones that come along.
        """
        described = _read(data, kind)
        own = self._graph.park.folder / RULES_FILE
        chosen = read_rules(Path(rules) if rules else own if own.is_file() else None)
        points = points_from_rows(self._graph.points())
        bound = bind(described, targets_of(self._graph), points, chosen)
        made = report(described, bound)
        lines = device_lines(bound)
        if register:
            plan = importing.carry_out(self._register, lines, self._trail.who)
            self._trail.record("device.bind", kind, **plan.counts())
        else:
            plan = importing.plan(self._register, lines)
        return {**made, "import": _plan(plan, done=register)}

    def import_file(self, path: str, kind: str, dry_run: bool = True) -> dict[str, Any]:
        """The same of a file on this machine. Raises NotFound, Invalid."""
        return self.import_list(_content(path, sheet.MAX_BYTES), kind, dry_run=dry_run)

    def bind_file(self, path: str, kind: str, rules: str = "", register: bool = False) -> dict[str, Any]:
        """The same of a file on this machine. Raises NotFound, Invalid."""
        return self.bind(_content(path, brick.MAX_BYTES), kind, rules=rules, register=register)

    def describe_text(self, kind: str) -> str:
        """The same as text."""
        return self.describe(kind).decode()

    def describe(self, kind: str) -> bytes:
        """The park's devices, points and places as Brick or Haystack (`haystack`: Hayson, `zinc`). Raises Invalid."""
        if kind != ZINC:
            _known(kind)
        described = describe(self._graph, self._register)
        if kind == BRICK:
            return write_brick(described, self._graph.park.id)
        return write_haystack_zinc(described) if kind == ZINC else write_haystack(described)


COMMANDS = (
    "page", "card", "create", "change", "retire", "restore", "history", "issue", "revoke", "rows", "import_file",
    "bind_file", "describe_text",
)  # fmt: skip
"""What the command line may ask for, by name."""


def command(desk: DeviceDesk, name: str, wish: dict[str, Any]) -> Any:
    """Carry out a command of the command line. Raises Invalid where there is no such one or it takes no such wish."""
    if name not in COMMANDS:
        raise Invalid(
            f"Device command {name!r} is unknown: expected one of {', '.join(COMMANDS)}", code="device-command"
        )
    try:
        inspect.signature(getattr(desk, name)).bind(**wish)
    except TypeError as error:
        raise Invalid(f"Device command {name!r}: {error}", code="device-command") from error
    return getattr(desk, name)(**wish)


def shown(one: Credential) -> dict[str, Any]:
    """A credential without what only the store knows."""
    return {
        name: getattr(one, name) for name in ("id", "device", "kind", "user", "created_ms", "created_by", "used_ms")
    }


def _plan(plan: importing.Plan, *, done: bool) -> dict[str, Any]:
    return {"done": done, "counts": plan.counts(), "rows": [row.as_dict() for row in plan.rows]}


def _read(data: bytes, kind: str) -> Description:
    return read_brick(data) if _known(kind) == BRICK else read_haystack(data)


def _content(path: str, most: int) -> bytes:
    file = Path(path)
    if not file.is_file():
        raise NotFound(f"{path} does not exist: check the path", code="no-file")
    size = file.stat().st_size
    if size > most:
        raise Invalid(f"{path} has {size:,} bytes: expected at most {most:,}", code="too-large")
    return file.read_bytes()


def _known(kind: str) -> str:
    if kind not in {BRICK, HAYSTACK}:
        raise Invalid(
            f"Descriptions of kind {kind!r} are not known: expected {BRICK} or {HAYSTACK}", code="description"
        )
    return kind
