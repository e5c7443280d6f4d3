"""Writes lists of devices as CSV and XLSX, and the empty list to fill in."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from twin.devices.sheet import GUARD, HEADINGS

HINTS: Mapping[str, tuple[str, str]] = {
    "id": ("编号：字母、数字、-、_，登记后不变", "letters, digits, '-', '_'; never changes"),
    "name": ("名称", "what people call it"),
    "gid": ("对象 gid：设备本身或其服务的对象", "gid of the object that it is or serves"),
    "kind": ("设备类型，如 sensor、gateway、meter", "kind, as sensor, gateway, meter"),
    "model": ("型号", "model"),
    "maker": ("制造商", "maker"),
    "serial": ("序列号", "serial number"),
    "firmware": ("固件版本", "firmware version"),
    "installed": ("安装日期 2026-03-31", "day of installation, 2026-03-31"),
    "maintained": ("上次维护日期", "day of the last maintenance"),
    "maintain_every_days": ("维护间隔，天", "days between two maintenances"),
    "parent": ("网关的编号", "id of its gateway"),
    "connector": ("连接名称", "name of the connector"),
    "heartbeat_s": ("心跳间隔，秒；空则按测点类型", "seconds between signs of life; empty: by kinds of points"),
    "groups": ("分组，以 ; 分隔", "groups, divided by ;"),
    "tags": ("标签，以 ; 分隔", "tags, divided by ;"),
    "notes": ("备注", "notes"),
}


def write_csv(rows: Iterable[Mapping[str, Any]], names: Sequence[str] = HEADINGS) -> bytes:
    """CSV with a byte order mark, by which spreadsheets know UTF-8. No text runs as a formula there."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow(names)
    for row in rows:
        writer.writerow([_guarded(_text(row.get(name))) for name in names])
    return b"\xef\xbb\xbf" + out.getvalue().encode()


def write_xlsx(rows: Iterable[Mapping[str, Any]], names: Sequence[str] = HEADINGS) -> bytes:
    """A workbook: the list, and a sheet that explains the columns. Every cell is a text or a number, never a formula."""
    import openpyxl  # noqa: PLC0415  a tenth of a second, needed only where a workbook is written
    from openpyxl.cell import WriteOnlyCell  # noqa: PLC0415

    book = openpyxl.Workbook(write_only=True)
    sheet = book.create_sheet("devices")
    sheet.freeze_panes = "B2"

    def cell(text: str) -> Any:
        made = WriteOnlyCell(sheet, value=text)
        made.data_type = "s"  # a text that begins with "=" was taken for a formula
        return made

    sheet.append([cell(name) for name in names])
    for row in rows:
        sheet.append([cell(_clean(_text(row.get(name)))) for name in names])
    help_sheet = book.create_sheet("columns")
    for name in HEADINGS:
        help_sheet.append([name, *HINTS[name]])
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def _text(value: object) -> str:
    if value is None:
        return ""
    if isinstance(value, list | tuple):
        return "; ".join(str(one) for one in value)
    if isinstance(value, float) and value == int(value):
        return str(int(value))
    return str(value)


def _guarded(text: str) -> str:
    return f"'{text}" if text[:1] in GUARD and text else text


def _clean(text: str) -> str:
    return "".join(sign for sign in text if sign >= " " or sign in "\n\t")
