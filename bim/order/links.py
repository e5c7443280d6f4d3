"""Things that should hang together: doors in walls, members in groups, ports with ports."""

from __future__ import annotations

import numpy as np

from bim.order.subject import Flags, Subject
from twin.fault import Fault
from twin.finding import Finding, Severity

FILLS_NOTHING = Fault(
    code="ifc-fills-nothing",
    severity=Severity.MINOR,
    zh="{n} 个门窗没有嵌入任何墙或幕墙",
    en="{n} doors and windows fill no opening and belong to no curtain wall",
    fix_zh="在建模软件中将门窗放置在墙体上，使其带有洞口关系",
    fix_en="Place them in their wall in the authoring tool, so that the opening is exported",
)
EMPTY_GROUP = Fault(
    code="ifc-empty-group",
    severity=Severity.NOTICE,
    zh="{n} 个系统、分区或组没有成员",
    en="{n} systems, zones or groups have no member",
    fix_zh="删除空的系统或组，或将构件归入其中",
    fix_en="Delete them or assign their members",
)
NO_CONNECTIONS = Fault(
    code="ifc-no-connections",
    severity=Severity.MINOR,
    zh="模型有 {n} 个端口，但没有任何连接，无法追踪管路走向",
    en="The model has {n} ports and not one connection, so that no run can be followed",
    fix_zh="在建模软件中连接管线与设备，并导出端口连接（IfcRelConnectsPorts）",
    fix_en="Join pipes and equipment in the authoring tool and export the connections (IfcRelConnectsPorts)",
)
ISOLATED = Fault(
    code="ifc-unconnected",
    severity=Severity.MINOR,
    zh="{n} 个机电构件的端口全部未连接",
    en="{n} services elements have ports, and none of them is connected",
    fix_zh="检查这些构件与相邻管段是否相接",
    fix_en="Check whether these elements meet their neighbours",
)


def check(subject: Subject) -> list[Finding]:
    """Doors and windows in nothing, groups of nothing, services connected to nothing."""
    return [*_fillings(subject), *_groups(subject), *_ports(subject)]


def _fillings(subject: Subject) -> list[Finding]:
    filling = set(map(subject.book.get_step, subject.hierarchy.links.one("IfcRelFillsElement", 5)))
    loose = subject.is_a("IfcDoor", "IfcWindow") & ~_among(subject, filling)
    in_element = (subject.parent >= 0) & subject.is_a("IfcElement")[subject.parent]
    return FILLS_NOTHING.found(subject.ids_at(np.flatnonzero(loose & ~in_element)))


def _groups(subject: Subject) -> list[Finding]:
    """A group that names the building it serves, or is made of groups, is not empty."""
    links, local = subject.hierarchy.links, subject.book.get_step
    filled = {local(group) for group, members in links.fans("IfcRelAssignsToGroup", 6, 4) if members}
    filled |= {local(system) for system, served in links.fans("IfcRelServicesBuildings", 4, 5) if served}
    filled |= set(map(local, links.one("IfcRelAggregates", 4)))
    groups = subject.ids_of(subject.model.by_type("IfcGroup"))
    return EMPTY_GROUP.found([name for name in groups if name not in filled])


def _ports(subject: Subject) -> list[Finding]:
    """Elements none of whose ports is connected; one finding where no port of the model is."""
    ports = subject.is_a("IfcPort")
    if not ports.any():
        return []
    pairs = subject.hierarchy.links.pairs("IfcRelConnectsPorts", 4, 5)
    connected = ports & _among(subject, {subject.book.get_step(end) for pair in pairs for end in pair})
    if not connected.any():
        return NO_CONNECTIONS.found(_owners(subject, ports), count=int(ports.sum()))
    alive = set(_owners(subject, connected))
    return ISOLATED.found([name for name in _owners(subject, ports) if name not in alive])


def _among(subject: Subject, names: set[str | None]) -> Flags:
    """Whether each object is one of these."""
    return np.fromiter((name in names for name in subject.ids), np.bool_, len(subject.ids))


def _owners(subject: Subject, ports: Flags) -> list[str]:
    """Ids of the objects that these ports stand on."""
    rows = np.unique(subject.parent[np.flatnonzero(ports)])
    return subject.ids_at(rows[rows >= 0])
