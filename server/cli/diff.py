"""`parktwin diff`: what changed between two files or versions."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from scenes.build.limits import Limits
from scenes.diff import KINDS, Change, Difference, Item
from server.cli.output import JsonFlag, bars, out, print_json, print_table
from twin.errors import Invalid
from twin.park import FILE, Park

TITLES = {
    "added": "新增",
    "deleted": "删除",
    "moved": "移动",
    "carried": "随容器移动",
    "reshaped": "几何变化",
    "retyped": "类型变化",
    "renamed": "改名",
    "property-changed": "属性变化",
    "quantity-changed": "工程量变化",
    "material-changed": "材料变化",
    "classification-changed": "分类变化",
    "re-contained": "所属变化",
    "group-changed": "系统分组变化",
    "relation-changed": "关系变化",
    "re-georeferenced": "地理坐标变化",
    "re-identified": "标识变化",
}
SHOWN_CHANGES = 4


def diff(
    old: Annotated[str, typer.Argument(help="A file, PARK/LAYER@VERSION, or a park's folder before a layer's name.")],
    new: Annotated[str, typer.Argument(help="The same of the new version; after a park's folder: the layer.")],
    *,
    kind: Annotated[list[str] | None, typer.Option(help="Only changes of this kind; may be given again.")] = None,
    limit: Annotated[int, typer.Option(min=0, help="Lines of the printed list; --json always holds all.")] = 50,
    exit_code: Annotated[bool, typer.Option("--exit-code", help="End with 1 where something changed.")] = False,
    time_limit: Annotated[float, typer.Option(help="Seconds one file may take.")] = Limits.seconds,
    memory_limit: Annotated[float, typer.Option(help="Gigabytes one worker may use.")] = Limits.memory / 1024**3,
    json: JsonFlag = False,
) -> None:
    """Compare two versions of a model or layer, object by object; objects whose ids changed are recognised."""
    from scenes.diff.run import diff_sources  # noqa: PLC0415 - the comparison's libraries, needed by no other command
    from scenes.diff.source import last_two, source_of  # noqa: PLC0415

    for name in kind or ():
        if name not in KINDS:
            raise Invalid(f"{name!r} is no kind of change: known are {', '.join(KINDS)}", code="kind")
    pair = last_two(Park.load(Path(old)), new) if (Path(old) / FILE).exists() else (source_of(old), source_of(new))
    limits = Limits(seconds=time_limit, memory=int(memory_limit * 1024**3))
    with bars() as shown:
        found = diff_sources(*pair, limits=limits, update=shown.update)
    if kind:
        found.items = [item for item in found.items if not set(kind).isdisjoint(item.kinds)]
        found.concepts = [item for item in found.concepts if not set(kind).isdisjoint(item.kinds)]
    if json:
        print_json(found.as_dict())
    else:
        _print(found, limit)
    if exit_code and not found.same:
        raise typer.Exit(1)


def _print(found: Difference, limit: int) -> None:
    old, new = found.old, found.new
    out.print(
        f"{old['source']} {old['version']} ({old['objects']:,}) → {new['source']} {new['version']} ({new['objects']:,})"
    )
    if found.same:
        out.print(f"没有变化 / No changes: {found.matched:,} objects are the same.")
        return
    for change in found.georeference:
        out.print(f"地理坐标变化 / re-georeferenced: {_told(change)}")
    if found.whole is not None:
        whole = found.whole
        out.print(
            f"整体移动 / moved as a whole: {whole.distance:.3f} m, {whole.angle_deg:.4f}°, {whole.objects:,} objects"
            f"{' with their site' if whole.carrier else ''}"
        )
    counts = found.counts()
    if counts:
        print_table(
            ["变化", "change", "objects"], [(TITLES[kind], kind, f"{count:,}") for kind, count in counts.items()]
        )
    rows = [
        (", ".join(item.kinds), item.type, item.name, item.gid.partition("/")[2], _changes(item))
        for item in [*found.items, *found.concepts][:limit]
    ]
    if rows:
        print_table(["change", "type", "name", "id", "what"], rows)
    rest = len(found.items) + len(found.concepts) - len(rows)
    if rest > 0:
        out.print(f"… {rest:,} more: --limit {len(rows) + rest} shows them, --json holds all")


def _changes(item: Item) -> str:
    lines = [_told(change) for change in item.changes[:SHOWN_CHANGES]]
    rest = len(item.changes) - len(lines)
    return "\n".join([*lines, *([f"… {rest} more"] if rest > 0 else [])])


def _told(change: Change) -> str:
    name = f"{change.set}.{change.name}" if change.set else change.name
    if change.kind in {"moved", "carried", "re-georeferenced"} and change.by is not None and change.old is None:
        return f"{name}: {change.by:.4g} {change.unit}" + (f" ({change.new})" if change.new else "")
    by = f" ({change.by:+.4g} {change.unit})".replace(" )", ")") if change.by is not None else ""
    return f"{name}: {'–' if change.old is None else change.old} → {'–' if change.new is None else change.new}{by}"
