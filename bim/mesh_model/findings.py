"""What is told of a mesh model: what was assumed, what could not be read, what became simpler."""

from __future__ import annotations

from dataclasses import replace

from bim.mesh_model.model import Model
from twin.finding import Finding, Severity

LARGE_M = 10_000.0
"""A model longer than this whose unit was assumed is most likely in millimetres."""
SMALL_M = 0.05


def unit_finding(extent_m: float) -> Finding:
    """The unit was assumed. extent_m: the model's longest side when read in metres."""
    odd = extent_m > LARGE_M or 0 < extent_m < SMALL_M
    return Finding(
        code="model-unit",
        severity=Severity.MAJOR if odd else Severity.NOTICE,
        zh=f"文件未注明长度单位，按米读取，模型最长边为 {extent_m:,.3g} 米",
        en=f"The file names no unit of length; it was read in metres, its longest side is {extent_m:,.3g} m",
        fix_zh="若不是米，请用 --unit mm、cm、in 或 ft 指定",
        fix_en="Where it is another, name it with --unit mm, cm, in or ft",
        value=extent_m,
        unit="m",
    )


def place_finding(finding: Finding, *, assumed: bool) -> Finding:
    """A finding of the placement in the words of a mesh model."""
    if finding.code == "ifc-no-georeference":
        where = (
            ("默认位置（东经 114.3°，北纬 30.6°）", "an assumed place (114.3° E, 30.6° N)")
            if assumed
            else ("园区原点", "the park's origin")
        )
        return Finding(
            code="model-no-georeference",
            severity=Severity.MAJOR if assumed else Severity.MINOR,
            zh=f"网格模型没有坐标信息，已放置于{where[0]}",
            en=f"A mesh model has no georeference; it was put at {where[1]}",
            fix_zh="若坐标属于某投影坐标系，请用 --crs 指定",
            fix_en="Where its coordinates are those of a projected system, name it with --crs",
        )
    return replace(finding, code=finding.code.replace("ifc-", "model-", 1))


def content_findings(model: Model, repeated: int) -> list[Finding]:
    """What was left out or made simpler while the file was read."""
    found = []
    if model.missing:
        found.append(
            Finding(
                code="model-missing-file",
                severity=Severity.MINOR,
                zh=f"{len(model.missing)} 个附属文件缺失或无法读取，首个：{model.missing[0][:60]}",
                en=f"{len(model.missing)} side files are missing or cannot be read, the first: {model.missing[0][:60]}",
                fix_zh="将材质库和纹理与模型放在同一文件夹",
                fix_en="Put material libraries and textures into the model's folder",
                value=float(len(model.missing)),
                limit=0.0,
            )
        )
    if model.left_out:
        what = ", ".join(f"{count} x {kind}" for kind, count in model.left_out.items())
        found.append(
            Finding(
                code="model-left-out",
                severity=Severity.MINOR,
                zh=f"以下内容未读取：{what}",
                en=f"Some content is not read: {what}",
                value=float(sum(model.left_out.values())),
                data=dict(model.left_out),
            )
        )
    if model.bad_faces:
        found.append(
            Finding(
                code="model-not-finite",
                severity=Severity.MAJOR,
                zh=f"{model.bad_faces} 个三角形含非有限坐标，已去除",
                en=f"{model.bad_faces} triangles have coordinates that are not finite and were dropped",
                fix_zh="在建模软件中清理网格后重新导出",
                fix_en="Clean the mesh in the authoring tool and export it again",
                value=float(model.bad_faces),
                limit=0.0,
            )
        )
    if model.looks.coarse:
        found.append(
            Finding(
                code="model-colours",
                severity=Severity.NOTICE,
                zh=f"颜色种类过多，已归并为 {len(model.looks.all)} 种",
                en=f"The model has very many colours; they were brought down to {len(model.looks.all)}",
                value=float(len(model.looks.all)),
            )
        )
    if repeated:
        found.append(
            Finding(
                code="model-same-name",
                severity=Severity.NOTICE,
                zh=f"{repeated} 个节点与同级节点重名，编号按文件顺序区分",
                en=f"{repeated} nodes share their name with a sibling; their ids are told apart by order in the file",
                fix_zh="为节点取唯一名称，重新导出后编号才稳定",
                fix_en="Give nodes names of their own, so that ids stay when the model is exported again",
                value=float(repeated),
                limit=0.0,
            )
        )
    return found
