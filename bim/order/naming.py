"""Names and classifications that people and machines need to tell objects apart."""

from __future__ import annotations

import re

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from bim.order.subject import I64, Subject
from twin.fault import Fault
from twin.finding import Finding, Severity

MEANINGLESS = re.compile(
    r"^(?:default|unnamed|untitled|undefined|unknown|no ?name|none|null|n/?a|name|new|test|未命名|无名称?|默认|缺省|新建|未定义|未知"
    r"|<[^>]*>|[\W_]+)$",
    re.IGNORECASE,
)
"""What tools write where nobody gave a name, and names of punctuation only."""
MANGLED = r"[\x{80}-\x{9f}\x{fffd}]|\\X[024]?\\|\\S\\|^\?{2,}$"
"""Control characters, replacement marks, escapes left in the text, and names of question marks: lost in encoding."""

UNNAMED_SPATIAL = Fault(
    code="ifc-unnamed-spatial",
    severity=Severity.MINOR,
    zh="{n} 个场地、建筑、楼层或空间没有名称或名称无意义",
    en="{n} sites, buildings, storeys or spaces have no name or a meaningless one",
    fix_zh="按项目编码规则命名，界面与报表以名称识别",
    fix_en="Name them by the project's rules; screens and reports tell them apart by name",
)
UNNAMED = Fault(
    code="ifc-unnamed",
    severity=Severity.NOTICE,
    zh="{n} 个构件没有名称或名称无意义（如 Default、未命名）",
    en="{n} elements have no name or a meaningless one, such as Default",
    fix_zh="在建模软件中为构件或其类型命名",
    fix_en="Name the elements or their types in the authoring tool",
)
MANGLED_TEXT = Fault(
    code="ifc-text-mangled",
    severity=Severity.MINOR,
    zh="{n} 个对象的名称或属性含乱码，原编码无法确定，未改动",
    en="{n} objects have a name or property that was mangled in encoding; the original is not certain, it was left",
    fix_zh="在导出软件中检查文字编码设置，按 ISO 10303-21 以 \\X2\\ 转义中文后重新导出",
    fix_en="Check the text encoding of the exporting tool; ISO 10303-21 asks for \\X2\\ escapes",
)
NO_CLASSIFICATION = Fault(
    code="ifc-no-classification",
    severity=Severity.NOTICE,
    zh="模型没有任何分类编码（{n} 个构件）",
    en="The model carries no classification at all ({n} elements)",
    fix_zh="按 GB/T 51269 等分类标准为构件或其类型赋予编码并随模型导出",
    fix_en="Classify elements or their types, by GB/T 51269, Uniclass or the like, and export the references",
)
UNCLASSIFIED = Fault(
    code="ifc-unclassified",
    severity=Severity.NOTICE,
    zh="{n} 个构件没有分类编码，而其他构件有",
    en="{n} elements carry no classification, though others do",
    fix_zh="为这些构件或其类型补充分类编码",
    fix_en="Classify these elements or their types as well",
)


def check(subject: Subject, properties: pa.Table) -> list[Finding]:
    """Names that are missing, meaningless or mangled, and missing classification."""
    names = subject.texts("name")
    bad = np.array([name is None or MEANINGLESS.match(name) is not None for name in names], np.bool_)
    spatial = subject.is_a("IfcSpatialElement", "IfcSpatialStructureElement")
    element = subject.is_a("IfcElement") & ~subject.is_a("IfcFeatureElement", "IfcVirtualElement")
    return [
        *UNNAMED_SPATIAL.found(subject.ids_at(np.flatnonzero(bad & spatial))),
        *UNNAMED.found(subject.ids_at(np.flatnonzero(bad & element))),
        *_mangled(subject, properties),
        *_classified(subject, np.flatnonzero(element)),
    ]


def _mangled(subject: Subject, properties: pa.Table) -> list[Finding]:
    named = subject.objects.column("id").filter(_matches(subject.objects.column("name")))
    told = properties.column("id").filter(_matches(properties.column("value")))
    ids = list(dict.fromkeys([*named.to_pylist(), *pc.unique(told).to_pylist()]))
    return MANGLED_TEXT.found(ids)


def _matches(column: pa.ChunkedArray) -> pa.ChunkedArray:
    return pc.fill_null(pc.match_substring_regex(column, MANGLED), False)


def _classified(subject: Subject, elements: I64) -> list[Finding]:
    """An element is classified where it or its type is."""
    if not len(elements):
        return []
    relations = subject.relations
    kind = relations.column("kind")
    source, target = relations.column("source"), relations.column("target")
    classified = source.filter(pc.equal(kind, "classified_as")).combine_chunks()
    typed = pc.equal(kind, "typed_by")
    by_type = source.filter(pc.and_(typed, pc.is_in(target, classified))).combine_chunks()
    ids = pa.array(subject.ids_at(elements), pa.string())
    covered = pc.or_(pc.is_in(ids, classified), pc.is_in(ids, by_type))
    bare = ids.filter(pc.invert(covered)).to_pylist()
    if len(bare) == len(elements):
        return NO_CLASSIFICATION.found(count=len(elements))
    return UNCLASSIFIED.found(bare)
