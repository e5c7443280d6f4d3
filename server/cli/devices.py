"""`parktwin devices`: the register of devices, their credentials, lists and descriptions."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any

import typer

from server.cli.access import access
from server.cli.output import JsonFlag, out, print_json, print_table
from twin.clock import iso
from twin.errors import Invalid
from twin.park import Park

app = typer.Typer(help="Devices: register, credentials, lists, Brick and Haystack.", no_args_is_help=True)
Folder = Annotated[Path, typer.Argument(help="Folder of the park.")]
Ident = Annotated[str, typer.Argument(help="Id of the device.")]
Given = Annotated[
    list[str] | None,
    typer.Option("--set", help="FIELD=VALUE; may be repeated. Names of groups and tags are divided by ';'."),
]
Wanted = Annotated[
    list[str] | None,
    typer.Option(
        "--filter", help="NAME=VALUE as in GET /devices (status, kind, model, storey, due …); may be repeated."
    ),
]
GroupName = Annotated[str, typer.Option(help="Only devices of this group.")]
KindOf = Annotated[str, typer.Argument(help="mqtt: user of the embedded broker; http: token for pushing values.")]
Reason = Annotated[str, typer.Option(help="Why; kept in the device's history.")]
SHOWN = ("id", "name", "kind", "model", "status", "storey_name", "due", "parent")


@app.command("list")
def list_(
    park: Folder,
    *,
    filters: Wanted = None,
    group: GroupName = "",
    sort: Annotated[str, typer.Option(help="Column to sort by.")] = "id",
    limit: Annotated[int, typer.Option(min=1, max=100_000, help="How many.")] = 100,
    json: JsonFlag = False,
) -> None:
    """List devices."""
    with access(Park.load(park)) as store:
        found = store.devices("page", filters=_pairs(filters), group=group, sort=sort, limit=limit)
    if json:
        print_json(found)
    elif not found["items"]:
        out.print(
            f"No device. Next: parktwin devices template devices.xlsx, then parktwin devices import {park} devices.xlsx"
        )
    else:
        print_table(SHOWN, [[row[name] for name in SHOWN] for row in found["items"]])
        out.print(
            f"{found['total']:,} devices: " + ", ".join(f"{n:,} {status}" for status, n in found["counts"].items())
        )


@app.command("show")
def show(park: Folder, device: Ident, *, json: JsonFlag = False) -> None:
    """Show one device with its last values and what was done to it."""
    with access(Park.load(park)) as store:
        card = store.devices("card", device=device)
        history = store.devices("history", device=device)
    if json:
        print_json({**card, "history": history["items"]})
        return
    for name, value in card.items():
        if value not in (None, "", []) and name not in {"points", "credentials"}:
            out.print(f"{name:20} {'; '.join(value) if isinstance(value, list) else value}")
    print_table(
        ["point", "kind", "value", "unit", "quality"],
        [[row[name] for name in ("point_id", "kind", "value", "unit", "quality")] for row in card["points"]],
    )
    print_table(["at", "who", "action", "detail"], [[iso(r["at"]), r["who"], r["action"], r["detail"]] for r in history["items"]])  # fmt: skip


@app.command("add")
def add(park: Folder, device: Ident, *, given: Given = None, json: JsonFlag = False) -> None:
    """Register a device."""
    with access(Park.load(park)) as store:
        _told(store.devices("create", device=device, fields=_pairs(given)), "registered", json=json)


@app.command("change")
def change(park: Folder, device: Ident, *, given: Given = None, json: JsonFlag = False) -> None:
    """Change fields of a device."""
    with access(Park.load(park)) as store:
        _told(store.devices("change", device=device, fields=_pairs(given)), "changed", json=json)


@app.command("retire")
def retire(park: Folder, device: Ident, *, reason: Reason = "", json: JsonFlag = False) -> None:
    """Take a device out of service; its credentials end, its history stays."""
    with access(Park.load(park)) as store:
        _told(store.devices("retire", device=device, reason=reason), "retired", json=json)


@app.command("restore")
def restore(park: Folder, device: Ident, *, reason: Reason = "", json: JsonFlag = False) -> None:
    """Take a retired device into service again."""
    with access(Park.load(park)) as store:
        _told(store.devices("restore", device=device, reason=reason), "restored", json=json)


@app.command("credential")
def credential(park: Folder, device: Ident, kind: KindOf, *, json: JsonFlag = False) -> None:
    """Give a device a new secret, printed this once; the old one of this kind ends."""
    with access(Park.load(park)) as store:
        made = store.devices("issue", device=device, kind=kind)
    if json:
        print_json(made)
        return
    out.print(made["secret"], soft_wrap=True)
    if made["user"]:
        out.print(f"User {made['user']} at {made['address']}; may send on: {', '.join(made['publish'])}")


@app.command("revoke")
def revoke(park: Folder, device: Ident, kind: KindOf, *, json: JsonFlag = False) -> None:
    """End a device's credential at once."""
    with access(Park.load(park)) as store:
        ended = store.devices("revoke", device=device, kind=kind)
    if json:
        print_json(ended)
    else:
        out.print(f"The {kind} credential of {device} is revoked.")


@app.command("import")
def import_(
    park: Folder,
    file: Annotated[Path, typer.Argument(help="List of devices, .csv or .xlsx.")],
    *,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Only say what would be done.")] = False,
    json: JsonFlag = False,
) -> None:
    """Register and change devices by a list: all rows, or none where one is refused."""
    with access(Park.load(park)) as store:
        done = store.devices("import_file", path=str(file.resolve()), kind=_format(file), dry_run=dry_run)
    if json:
        print_json(done)
        return
    rows = [row for row in done["rows"] if row["action"] != "same"]
    said = [
        (r["row"], r["id"], r["action"], "; ".join([*r["reasons"], *r["hints"]]) or ", ".join(r["changes"]))
        for r in rows
    ]
    print_table(["row", "device", "action", "what"], said)
    counts = ", ".join(f"{count:,} {action}" for action, count in done["counts"].items())
    out.print(f"{'Done' if done['done'] else 'Would be done'}: {counts}.")


@app.command("export")
def export(
    park: Folder,
    file: Annotated[Path, typer.Argument(help="File to write: .csv, .xlsx, .ttl (Brick), .json or .zinc (Haystack).")],
    *,
    filters: Wanted = None,
    group: GroupName = "",
    json: JsonFlag = False,
) -> None:
    """Write devices as a list that can be imported again, or the park as Brick or Haystack."""
    model = {".ttl": "brick", ".json": "haystack", ".zinc": "zinc"}.get(file.suffix.lower())
    with access(Park.load(park)) as store:
        if model:
            data = store.devices("describe_text", kind=model).encode()
        else:
            data = _list(file, store.devices("rows", filters=_pairs(filters), group=group))
    file.write_bytes(data)
    if json:
        print_json({"file": str(file), "bytes": len(data)})
    else:
        out.print(f"{file}: {len(data):,} bytes.")


@app.command("template")
def template(
    file: Annotated[Path, typer.Argument(help="File to write: .csv or .xlsx.")], *, json: JsonFlag = False
) -> None:
    """Write an empty list with the columns that an import reads."""
    data = _list(file, [])
    file.write_bytes(data)
    if json:
        print_json({"file": str(file), "bytes": len(data)})
    else:
        out.print(f"{file}: fill it in, then parktwin devices import PARK {file}")


@app.command("bind")
def bind(
    park: Folder,
    file: Annotated[
        Path, typer.Argument(help="Description: Brick as .ttl, Haystack as .json (Hayson), .zinc or .trio.")
    ],
    *,
    rules: Annotated[
        Path | None, typer.Option(help="YAML of rules; default: binding.yaml of the park, else ours.")
    ] = None,
    report: Annotated[Path | None, typer.Option(help="CSV to write: what became of each thing, and why.")] = None,
    points: Annotated[
        Path | None, typer.Option(help="CSV to write: points that the park lacks, for points.csv.")
    ] = None,
    register: Annotated[bool, typer.Option("--register", help="Make devices of bound equipment, all or none.")] = False,
    json: JsonFlag = False,
) -> None:
    """Bind a building's description to objects and points; what is not certain is listed, never guessed."""
    kind = {".ttl": "brick", **dict.fromkeys((".json", ".zinc", ".trio"), "haystack")}.get(file.suffix.lower())
    if kind is None:
        raise Invalid(f"{file} is neither .ttl (Brick) nor .json, .zinc or .trio (Haystack)", code="description")
    chosen = str(rules.resolve()) if rules else ""
    with access(Park.load(park)) as store:
        found = store.devices("bind_file", path=str(file.resolve()), kind=kind, rules=chosen, register=register)
    if report is not None:
        from twin.devices.binding.report import report_csv  # noqa: PLC0415  NumPy and more, needed here only

        report.write_bytes(report_csv(found["rows"]))
    if points is not None:
        from twin.devices.sheet_write import write_csv  # noqa: PLC0415  needed here only
        from twin.graph.points import COLUMNS  # noqa: PLC0415  needed here only

        points.write_bytes(write_csv(found["points"], COLUMNS))
    if json:
        print_json(found)
        return
    print_table(
        ["", "bound", "ambiguous", "unmatched"], [[sort, *row.values()] for sort, row in found["counts"].items()]
    )
    said = [(r["id"], r["class"], r["result"], r["why"]) for r in found["rows"] if r["result"] == "ambiguous"]
    if said:
        print_table(["ambiguous", "class", "", "why"], said[:50])
    counts = ", ".join(f"{count:,} {action}" for action, count in found["import"]["counts"].items())
    out.print(f"Devices {'registered' if found['import']['done'] else 'that --register makes'}: {counts}.")
    out.print(f"{len(found['points']):,} points of bound equipment are not in points.csv (--points FILE writes them).")


def _pairs(given: list[str] | None) -> dict[str, Any]:
    found = {}
    for text in given or ():
        name, equals, value = text.partition("=")
        if not equals:
            raise Invalid(f"{text!r} is not usable: expected NAME=VALUE", code="pair")
        found[name.strip()] = value.strip()
    return found


def _format(file: Path) -> str:
    kind = file.suffix.lower().removeprefix(".")
    if kind not in {"csv", "xlsx"}:
        raise Invalid(f"{file} is neither .csv nor .xlsx", code="device-list")
    return kind


def _list(file: Path, rows: list[dict[str, Any]]) -> bytes:
    from twin.devices.sheet_write import write_csv, write_xlsx  # noqa: PLC0415  needed here only

    return write_csv(rows) if _format(file) == "csv" else write_xlsx(rows)


def _told(device: dict[str, Any], what: str, *, json: bool) -> None:
    if json:
        print_json(device)
    else:
        out.print(f"{device['id']} is {what} (version {device['version']}).")
