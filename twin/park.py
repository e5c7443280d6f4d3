"""A park is a folder: `park.toml`, sources, layers, `park.duckdb`, `history.duckdb`."""

from __future__ import annotations

import json
import os
import tomllib
from dataclasses import dataclass, field
from pathlib import Path

from twin.errors import Conflict, Invalid, NotFound
from twin.geometry.frame import Frame
from twin.ids import layer_name

FILE = "park.toml"
DEFAULT_TIMEZONE = "Asia/Shanghai"


@dataclass(frozen=True)
class SchemeSpec:
    """A planning scheme: the layers it adds over the base, and the base objects it takes away."""

    id: str
    name: str
    name_en: str = ""
    layers: tuple[str, ...] = ()
    hides: tuple[str, ...] = ()  # gids of base objects
    colour: str = ""


@dataclass(frozen=True)
class Park:
    """A park's settings as read from `park.toml`. `tables` keeps the sections other modules own."""

    folder: Path
    id: str
    name: str
    name_en: str
    frame: Frame | None
    extent_m: float | None = None
    schemes: tuple[SchemeSpec, ...] = ()
    layers: dict[str, dict[str, object]] = field(default_factory=dict)  # [layers.<name>]: title, group, visible
    tables: dict[str, object] = field(default_factory=dict)  # the whole document

    @property
    def database(self) -> Path:
        """The scene graph and all records."""
        return self.folder / "park.duckdb"

    @property
    def history(self) -> Path:
        """Samples, events, alarms."""
        return self.folder / "history.duckdb"

    @property
    def timezone(self) -> str:
        """Name of the zone that the park's clocks show, as park.toml has it: unchecked."""
        head = self.tables.get("park")
        return str(head.get("timezone", DEFAULT_TIMEZONE) if isinstance(head, dict) else DEFAULT_TIMEZONE)

    @property
    def layers_folder(self) -> Path:
        """`layers/<layer>/<version>/`: immutable layer versions."""
        return self.folder / "layers"

    @classmethod
    def load(cls, folder: Path) -> Park:
        """Read a park. Raises NotFound where the folder is no park, Invalid where park.toml is broken."""
        path = folder / FILE
        try:
            tables = tomllib.loads(path.read_text(encoding="utf-8"))
        except FileNotFoundError as error:
            raise NotFound(
                f"{folder} is no park: {FILE} is missing there; make one with: parktwin new {folder}", code="no-park"
            ) from error
        except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
            raise Invalid(f"{path} is not valid TOML: {error}", code="park-file") from error
        try:
            return cls._from_tables(folder, tables)
        except (KeyError, TypeError, ValueError, AttributeError) as error:
            raise Invalid(f"{path} has a wrong entry: {error!r}", code="park-file") from error

    @classmethod
    def _from_tables(cls, folder: Path, tables: dict[str, object]) -> Park:
        head = dict(tables.get("park") or {})  # type: ignore[call-overload]
        origin = tables.get("origin")
        schemes = tuple(
            SchemeSpec(
                id=layer_name(row["id"]),
                name=row["name"],
                name_en=row.get("name_en", ""),
                layers=tuple(row.get("layers", ())),
                hides=tuple(row.get("hides", ())),
                colour=row.get("colour", ""),
            )
            for row in tables.get("schemes", [])  # type: ignore[attr-defined]
        )
        extent = head.get("extent_m")
        return cls(
            folder=folder.resolve(),
            id=str(head.get("id", folder.name)),
            name=str(head.get("name", folder.name)),
            name_en=str(head.get("name_en", head.get("name", folder.name))),
            frame=Frame(**origin) if isinstance(origin, dict) else None,
            extent_m=None if extent is None else float(extent),
            schemes=schemes,
            layers=dict(tables.get("layers") or {}),  # type: ignore[call-overload]
            tables=tables,
        )

    @classmethod
    def create(cls, folder: Path, *, name: str = "", frame: Frame | None = None) -> Park:
        """Make a new, empty park. Raises Conflict where one stands there already."""
        if (folder / FILE).exists():
            raise Conflict(f"{folder} is a park already: {FILE} exists there", code="park-exists")
        folder.mkdir(parents=True, exist_ok=True)
        title = name or folder.resolve().name
        lines = ["[park]", f"id = {_quoted(folder.resolve().name)}", f"name = {_quoted(title)}", ""]
        write_atomic(folder / FILE, "\n".join(lines) + ("" if frame is None else _origin_lines(frame)))
        (folder / "sources").mkdir(exist_ok=True)
        return cls.load(folder)

    def adopt(self, frame: Frame) -> Park:
        """Take an origin for a park that had none; written to park.toml."""
        if self.frame is not None:
            raise Conflict(f"{self.folder / FILE} has an origin already", code="origin-exists")
        path = self.folder / FILE
        write_atomic(path, path.read_text(encoding="utf-8").rstrip("\n") + "\n\n" + _origin_lines(frame))
        return Park.load(self.folder)


def _quoted(text: str) -> str:
    return json.dumps(text, ensure_ascii=False)


def _origin_lines(frame: Frame) -> str:
    rows = [f"{key} = {_quoted(value) if isinstance(value, str) else value}" for key, value in frame.as_dict().items()]
    return "[origin]\n" + "\n".join(rows) + "\n"


def write_atomic(path: Path, text: str, *, mode: int | None = None) -> None:
    """Write a text file so that a reader sees the old or the new one, never half of it. mode: its permissions."""
    temporary = path.with_name(f".{path.name}.{os.getpid()}.tmp")
    with temporary.open("w", encoding="utf-8") as stream:
        if mode is not None:
            os.fchmod(stream.fileno(), mode)  # before a word of it is there to be read
        stream.write(text)
        stream.flush()
        os.fsync(stream.fileno())
    temporary.replace(path)
