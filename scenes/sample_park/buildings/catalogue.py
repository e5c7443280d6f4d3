"""All buildings of the park, and how one is written."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from pathlib import Path

from scenes.sample_park import ground, site
from scenes.sample_park.buildings import (
    a1_tower,
    a2_office,
    c1_canteen,
    d1_dormitory,
    e1_energy,
    g1_gatehouse,
    l1_lab,
    p1_parking,
    x1_exhibition,
)
from scenes.sample_park.buildings.common import Building, describe
from scenes.sample_park.model.file import Model, Title
from scenes.sample_park.parts.spaces import Spaces
from scenes.sample_park.points.row import PointRow

BUILDINGS: dict[str, Building] = {
    building.title.key: building
    for building in (
        Building(
            Title("a1", "创新塔 A1", "Innovation Tower A1", "办公"),
            a1_tower.layout,
            (("衡光软件(示例)", "Hengguang Software (sample)"), ("江汉云图(示例)", "Jianghan Cloudmap (sample)")),
            16,
        ),
        Building(
            Title("a2", "研发楼 A2", "Research Office A2", "办公"),
            a2_office.layout,
            (("芯谷微电子(示例)", "Xingu Microelectronics (sample)"), ("长波光学(示例)", "Longwave Optics (sample)")),
            4,
        ),
        Building(
            Title("l1", "实验楼 L1", "Laboratory L1", "科研"),
            l1_lab.layout,
            (("珞珈生物(示例)", "Luojia Biotech (sample)"), ("晶澜材料(示例)", "Jinglan Materials (sample)")),
            4,
        ),
        Building(
            Title("d1", "人才公寓 D1", "Residence D1", "公寓"),
            d1_dormitory.layout,
            (("园区公寓运营(示例)", "Park Residence (sample)"), ("青年驿站(示例)", "Young Talent Lodge (sample)")),
            6,
        ),
        Building(
            Title("c1", "园区餐厅 C1", "Canteen C1", "餐饮"),
            c1_canteen.layout,
            (("湖畔餐饮(示例)", "Lakeside Catering (sample)"), ("拾光咖啡(示例)", "Shiguang Coffee (sample)")),
            2,
        ),
        Building(
            Title("x1", "光谷展馆 X1", "Exhibition Hall X1", "展览"),
            x1_exhibition.layout,
            (("光谷会展(示例)", "Optics Expo (sample)"), ("未来影像(示例)", "Future Imaging (sample)")),
            2,
        ),
        Building(
            Title("p1", "停车楼 P1", "Parking Garage P1", "停车"),
            p1_parking.layout,
            (("园区停车运营(示例)", "Park Parking (sample)"), ("绿能充电(示例)", "Green Charging (sample)")),
            4,
        ),
        Building(
            Title("e1", "能源站 E1", "Energy Station E1", "能源"),
            e1_energy.layout,
            (("园区能源(示例)", "Park Energy (sample)"), ("储能科技(示例)", "Storage Tech (sample)")),
            2,
            millimetres=True,
        ),
        Building(
            Title("g1", "门卫室 G1", "Gatehouse G1", "安防"),
            g1_gatehouse.layout,
            (("园区物业(示例)", "Park Estate (sample)"), ("盾安保安(示例)", "Dun'an Security (sample)")),
            1,
        ),
    )
}


@dataclass(frozen=True)
class Written:
    """What came of writing one file."""

    points: list[PointRow]
    counts: dict[str, int]


def write_building(key: str, path: Path, seed: int) -> Written:
    """Write one building's file."""
    building, lot = BUILDINGS[key], site.LOTS[key]
    anchor = site.anchor(lot, ground.pads()[key])
    lonlat = site.to_lonlat(lot.x, lot.y)
    model = Model(building.title, seed, anchor, lonlat, millimetres=building.millimetres)
    building.layout(model, Spaces(model, building.tenants))
    top = model.storeys[-1].elevation
    gross = model.gross_area
    describe(model, building, lot.width, lot.depth, round(top + 1.2, 2), gross)
    counts = counts_of(model)
    model.write(path)
    return Written(model.points, counts)


def counts_of(model: Model) -> dict[str, int]:
    """Number of products by class, openings left out."""
    counts: Counter[str] = Counter()
    for product in model.file.by_type("IfcProduct"):
        if not product.is_a("IfcOpeningElement"):
            counts[product.is_a()] += 1
    return dict(sorted(counts.items()))
