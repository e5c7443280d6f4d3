"""The indicator table of the planning screen: rows of figures, columns of schemes, verdicts against limits."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from scenes.schemes.figures import SchemeFigures, figures
from scenes.schemes.plot import Limit, Plot, plot_of
from twin.graph import GraphStore, measures

Value = tuple[float | None, tuple[str, ...], str]
"""A figure, the objects it was measured on, and its formula with numbers."""


@dataclass(frozen=True)
class Indicator:
    """One row of the table. compute: figures and plot → value, objects, formula."""

    name: str
    title_zh: str
    title_en: str
    unit: str
    compute: Callable[[SchemeFigures, Plot], Value]
    better: str = ""  # lower | higher | "" where neither


def _objects(found: SchemeFigures) -> tuple[str, ...]:
    return tuple(gid for block in found.blocks for gid in block.objects)


def _total(found: SchemeFigures, _plot: Plot) -> Value:
    total = round(found.above + found.below, 2)
    return total, _objects(found), f"Σ k·A = {found.above:,.2f} + {found.below:,.2f} = {total:,.2f} m²"


def _above(found: SchemeFigures, _plot: Plot) -> Value:
    parts = " + ".join(f"{block.area * block.factor:,.0f}" for block in found.blocks[:12])
    return (
        found.above,
        _objects(found),
        f"Σ k·A (h ≥ 2.20 m) = {parts}{' + …' if len(found.blocks) > 12 else ''} = {found.above:,.2f} m²",
    )


def _below(found: SchemeFigures, _plot: Plot) -> Value:
    return found.below, (), f"{found.below:,.2f} m²"


def _far(found: SchemeFigures, plot: Plot) -> Value:
    if not plot.area:
        return None, (), ""
    value = round(found.above / plot.area, 2)
    return value, _objects(found), f"S_far / S_land = {found.above:,.2f} / {plot.area:,.2f} = {value:.2f}"


def _coverage(found: SchemeFigures, plot: Plot) -> Value:
    if not plot.area:
        return None, (), ""
    value = round(found.footprint / plot.area * 100, 2)
    text = f"A_base / S_land = {found.footprint:,.2f} / {plot.area:,.2f} = {value:.2f} %"
    return value, found.footprint_objects, text


def _height(found: SchemeFigures, _plot: Plot) -> Value:
    return found.height, found.top_objects, f"max z − z(1F) = {found.height:.2f} m"


def _storeys(found: SchemeFigures, _plot: Plot) -> Value:
    return float(found.storeys), (), f"{found.storeys}"


def _volume(found: SchemeFigures, _plot: Plot) -> Value:
    return found.volume, (), f"Σ V(IfcSpace) = {found.volume:,.0f} m³"


def _green(found: SchemeFigures, plot: Plot) -> Value:
    if found.green is None or not plot.area:
        return None, (), ""
    value = round(found.green / plot.area * 100, 2)
    return value, found.green_objects, f"A_green / S_land = {found.green:,.2f} / {plot.area:,.2f} = {value:.2f} %"


INDICATORS = (
    Indicator("gross_floor_area", "总建筑面积", "Gross floor area", "m²", _total),
    Indicator("floor_area_above", "地上建筑面积", "Floor area above ground", "m²", _above),
    Indicator("floor_area_below", "地下建筑面积", "Floor area below ground", "m²", _below),
    Indicator("far", "容积率", "Floor area ratio", "", _far),
    Indicator("coverage", "建筑密度", "Site coverage", "%", _coverage, "lower"),
    Indicator("height", "建筑高度", "Building height", "m", _height),
    Indicator("storeys", "地上层数", "Storeys above ground", "", _storeys),
    Indicator("volume", "建筑体量", "Built volume", "m³", _volume),
    Indicator("green", "绿地率", "Green ratio", "%", _green, "higher"),
)
"""Formulas: `standards.md` 1.2 and 1.3 (GB 55031-2022 ch. 3)."""


def _verdict(value: float | None, limit: Limit | None) -> str:
    """符合 pass, 不符合 fail, 数据不足 insufficient; none where there is no limit."""
    if value is None:
        return "insufficient"
    if limit is None:
        return "none"
    return "pass" if limit.holds(value) else "fail"


def comparison(graph: GraphStore) -> dict[str, Any]:
    """`GET /api/v1/schemes/comparison`: plot, schemes and rows. Schemes without published layers are empty columns."""
    park = graph.park
    plot = plot_of(graph, park)
    found = {scheme.id: figures(measures.measured(graph.db, list(scheme.layers))) for scheme in park.schemes}
    rows = []
    for indicator in INDICATORS:
        limit = plot.limits.get(indicator.name)
        values = {}
        for scheme in park.schemes:
            value, objects, formula = indicator.compute(found[scheme.id], plot)
            values[scheme.id] = {
                "value": value,
                "verdict": _verdict(value, limit),
                "objects": list(objects),
                "formula": formula,
            }
        rows.append(
            {
                "name": indicator.name,
                "title_zh": indicator.title_zh,
                "title_en": indicator.title_en,
                "unit": indicator.unit,
                "better": indicator.better,
                "limit": None if limit is None else {"op": limit.op, "value": limit.value, "mark": limit.mark},
                "values": values,
            }
        )
    return {"plot": {"gid": plot.gid, "area": plot.area}, "rows": rows}
