"""Cells of a CSV file: titles in two languages, and text that no spreadsheet takes for a formula."""

from __future__ import annotations

import re

BOM = "\ufeff"
"""With it Excel reads the file as UTF-8."""
_FORMULA = "^[-=+@＝＋－＠\\t\\r\\n]"
_NUMBER = r"^[-+]?\d+([.,]\d+)?([eE][-+]?\d+)?$"

TITLES_ZH = {
    "gid": "对象编号",
    "layer": "图层",
    "ordinal": "序号",
    "id": "源编号",
    "type": "类型",
    "ifc_class": "IFC 类",
    "predefined_type": "预定义类型",
    "name": "名称",
    "description": "说明",
    "tag": "标记",
    "parent": "上级对象编号",
    "storey": "楼层编号",
    "building": "建筑编号",
    "discipline": "专业",
    "cim_level": "CIM 级别",
    "elevation": "标高 (m)",
    "engine": "几何引擎",
    "min_x": "东最小 (m)",
    "min_y": "北最小 (m)",
    "min_z": "高最小 (m)",
    "max_x": "东最大 (m)",
    "max_y": "北最大 (m)",
    "max_z": "高最大 (m)",
    "storey_name": "楼层",
    "building_name": "建筑",
    "set": "属性集",
    "value": "值",
    "number": "数值 (SI)",
    "unit": "单位",
    "origin": "来源",
    "source": "起点对象编号",
    "kind": "种类",
    "target": "终点对象编号",
    "source_name": "起点名称",
    "target_name": "终点名称",
}


def title(name: str, language: str) -> str:
    """A column's title; `en` is the plain name."""
    return TITLES_ZH.get(name, name) if language == "zh" else name


def safe_sql(column: str) -> str:
    """SQL that puts an apostrophe before text a spreadsheet would run as a formula (OWASP, CSV injection); numbers stay."""
    return (
        f"CASE WHEN regexp_matches({column}, '{_FORMULA}') AND NOT regexp_matches({column}, '{_NUMBER}')"
        f" THEN '''' || {column} ELSE {column} END"
    )


def safe(text: str) -> str:
    """The same for one text."""
    return f"'{text}" if re.match(_FORMULA, text) and not re.match(_NUMBER, text) else text


def header(titles: list[str]) -> str:
    """The first line of a file, quoted as RFC 4180 asks."""
    return ",".join('"' + safe(text).replace('"', '""') + '"' for text in titles) + "\n"
