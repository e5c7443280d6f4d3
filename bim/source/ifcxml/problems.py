"""What a document holds that the schema does not: counted, with a first example, and told as findings."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum

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
        count, first = self.count, self.first
        found = []
        unknown = count.get(Problem.CLASS, 0) + count.get(Problem.ATTRIBUTE, 0)
        if unknown:
            example = first.get(Problem.CLASS) or first[Problem.ATTRIBUTE]
            found.append(
                Finding(
                    code="ifcxml-unknown",
                    severity=Severity.MAJOR,
                    zh=f"{unknown} 处类或属性不属于 {schema}，已跳过，首例：{example}",
                    en=f"{unknown} classes or attributes are none of {schema} and were left out, the first: {example}",
                    fix_zh="按文件声明的 IFC 版本重新导出",
                    fix_en="Export the model again in the IFC edition that the file names",
                    value=float(unknown),
                    limit=0.0,
                )
            )
        wrong = count.get(Problem.VALUE, 0) + count.get(Problem.PLACE, 0)
        if wrong:
            example = first.get(Problem.VALUE) or first[Problem.PLACE]
            found.append(
                Finding(
                    code="ifcxml-value",
                    severity=Severity.MAJOR,
                    zh=f"{wrong} 个取值不符合其属性的类型，已留空，首例：{example}",
                    en=f"{wrong} values do not fit the type of their attribute and were left empty, the first: {example}",
                    fix_zh="在建模软件中修正这些取值，或改用 .ifc 导出",
                    fix_en="Mend these values in the authoring tool, or export as .ifc",
                    value=float(wrong),
                    limit=0.0,
                )
            )
        if dangling := count.get(Problem.REFERENCE, 0):
            found.append(
                Finding(
                    code="ifcxml-reference",
                    severity=Severity.MAJOR,
                    zh=f"{dangling} 个引用指向文件中不存在的编号，已留空，首例：{first[Problem.REFERENCE]}",
                    en=f"{dangling} ids are referred to and exist nowhere in the file; the references were left empty,"
                    f" the first: {first[Problem.REFERENCE]}",
                    fix_zh="重新导出完整的模型",
                    fix_en="Export the whole model again",
                    value=float(dangling),
                    limit=0.0,
                )
            )
        if twice := count.get(Problem.TWICE, 0):
            found.append(
                Finding(
                    code="ifcxml-duplicate-id",
                    severity=Severity.MAJOR,
                    zh=f"{twice} 个编号被重复使用，引用指向首个，首例：{first[Problem.TWICE]}",
                    en=f"{twice} ids are given to several instances; references mean the first,"
                    f" the first: {first[Problem.TWICE]}",
                    fix_zh="重新导出模型",
                    fix_en="Export the model again",
                    value=float(twice),
                    limit=0.0,
                )
            )
        if commas := count.get(Problem.COMMA, 0):
            found.append(
                Finding(
                    code="ifcxml-decimal-comma",
                    severity=Severity.NOTICE,
                    zh=f"{commas} 个数值以逗号作小数点，已按小数读取，首例：{first[Problem.COMMA]}",
                    en=f"{commas} numbers are written with a decimal comma and were read as such, the first: {first[Problem.COMMA]}",
                    fix_zh="在导出工具中改用小数点",
                    fix_en="Let the exporting tool write a decimal point",
                    value=float(commas),
                    limit=0.0,
                )
            )
        return found
