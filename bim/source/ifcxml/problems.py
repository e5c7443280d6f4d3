"""What a document holds that the schema does not: counted, with a first example, and told as findings."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum

from twin.fault import Fault
from twin.finding import Finding, Severity

_SHOWN = 80


class Problem(StrEnum):
    """What was wrong with a piece of the document."""

    CLASS = "class"  # a class the schema lacks, or an abstract one
    ATTRIBUTE = "attribute"  # an attribute the class lacks
    VALUE = "value"  # a text that is no value of the attribute's type
    PLACE = "place"  # an instance where one of another class belongs, or several where one belongs
    REFERENCE = "reference"  # an id that nothing has
    TWICE = "twice"  # an id that several instances have
    COMMA = "comma"  # a decimal comma


UNKNOWN = Fault(
    "ifcxml-unknown",
    Severity.MAJOR,
    "{n} 处类或属性不属于 {schema}，已跳过，首例：{first}",
    "{n} classes or attributes are none of {schema} and were left out, the first: {first}",
    "按文件声明的 IFC 版本重新导出",
    "Export the model again in the IFC edition that the file names",
)
VALUE = Fault(
    "ifcxml-value",
    Severity.MAJOR,
    "{n} 个取值不符合其属性的类型，已留空，首例：{first}",
    "{n} values do not fit the type of their attribute and were left empty, the first: {first}",
    "在建模软件中修正这些取值，或改用 .ifc 导出",
    "Mend these values in the authoring tool, or export as .ifc",
)
REFERENCE = Fault(
    "ifcxml-reference",
    Severity.MAJOR,
    "{n} 个引用指向文件中不存在的编号，已留空，首例：{first}",
    "{n} ids are referred to and exist nowhere in the file; the references were left empty, the first: {first}",
    "重新导出完整的模型",
    "Export the whole model again",
)
DUPLICATE_ID = Fault(
    "ifcxml-duplicate-id",
    Severity.MAJOR,
    "{n} 个编号被重复使用，引用指向首个，首例：{first}",
    "{n} ids are given to several instances; references mean the first, the first: {first}",
    "重新导出模型",
    "Export the model again",
)
DECIMAL_COMMA = Fault(
    "ifcxml-decimal-comma",
    Severity.NOTICE,
    "{n} 个数值以逗号作小数点，已按小数读取，首例：{first}",
    "{n} numbers are written with a decimal comma and were read as such, the first: {first}",
    "在导出工具中改用小数点",
    "Let the exporting tool write a decimal point",
)
FAULTS = (
    (UNKNOWN, (Problem.CLASS, Problem.ATTRIBUTE)),
    (VALUE, (Problem.VALUE, Problem.PLACE)),
    (REFERENCE, (Problem.REFERENCE,)),
    (DUPLICATE_ID, (Problem.TWICE,)),
    (DECIMAL_COMMA, (Problem.COMMA,)),
)


@dataclass
class Problems:
    """Counts by kind, and the first of each as text with its line."""

    count: dict[Problem, int] = field(default_factory=dict)
    first: dict[Problem, str] = field(default_factory=dict)

    def add(self, kind: Problem, what: str, line: int) -> None:
        """Note one."""
        self.count[kind] = self.count.get(kind, 0) + 1
        if kind not in self.first:
            self.first[kind] = f"{what[:_SHOWN]} (line {line})" if line else what[:_SHOWN]

    def findings(self, schema: str) -> list[Finding]:
        """One finding for each kind that occurred."""
        return [
            finding
            for fault, kinds in FAULTS
            for finding in fault.found(
                count=sum(self.count.get(kind, 0) for kind in kinds),
                schema=schema,
                first=next((self.first[kind] for kind in kinds if kind in self.first), ""),
            )
        ]
