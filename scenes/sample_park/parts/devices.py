"""Device kinds of all disciplines: class, predefined type, and a few boxes or cylinders."""

from __future__ import annotations

from dataclasses import dataclass

from scenes.sample_park.model.file import Kind, Model
from scenes.sample_park.model.solids import Solid, bar, box, centred, cylinder


@dataclass(frozen=True)
class Device:
    """A device kind; its frame's origin is where it is mounted (ceiling, wall or floor)."""

    cls: str
    zh: str
    predefined: str
    solids: list[Solid]
    system: str


def _hang(dx: float, dy: float, dz: float, colour: str) -> list[Solid]:
    return [centred(dx, dy, dz, colour, -dz)]


def _machine(dx: float, dy: float, dz: float, colour: str) -> list[Solid]:
    return [centred(dx, dy, 0.15, "concrete"), centred(dx - 0.1, dy - 0.1, dz, colour, 0.15)]


def _chiller() -> list[Solid]:
    return [
        centred(4.2, 1.9, 0.15, "concrete"),
        cylinder(-2.0, -0.45, 0.75, 0.42, 4.0, "pipe_chilled", "x"),
        cylinder(-2.0, 0.45, 0.75, 0.42, 4.0, "steel", "x"),
        box(-1.2, -0.5, 1.25, 2.4, 1.0, 0.75, "light_grey"),
    ]


def _pump() -> list[Solid]:
    return [
        centred(1.3, 0.6, 0.15, "concrete"),
        cylinder(-0.1, 0.0, 0.5, 0.2, 0.7, "pipe_water", "x"),
        cylinder(-0.4, 0.0, 0.25, 0.26, 0.5, "metal"),
    ]


def _tower() -> list[Solid]:
    return [
        centred(3.4, 3.4, 2.6, "light_grey", 0.3),
        cylinder(0, 0, 2.9, 1.3, 0.6, "steel"),
        centred(3.0, 3.0, 0.3, "metal"),
    ]


DEVICES: dict[str, Device] = {
    # electrical
    "light": Device("IfcLightFixture", "LED 面板灯 1200×300 36 W", "DIRECTIONSOURCE", _hang(1.2, 0.3, 0.05, "lamp"), "lighting"),
    "downlight": Device("IfcLightFixture", "LED 筒灯 12 W", "POINTSOURCE", _hang(0.18, 0.18, 0.05, "lamp"), "lighting"),
    "linear": Device("IfcLightFixture", "LED 线形灯 2400 28 W", "DIRECTIONSOURCE", _hang(2.4, 0.1, 0.08, "lamp"), "lighting"),
    "highbay": Device("IfcLightFixture", "LED 工矿灯 100 W", "POINTSOURCE", _hang(0.4, 0.4, 0.25, "lamp"), "lighting"),
    "exit_sign": Device("IfcLightFixture", "疏散指示灯", "SECURITYLIGHTING", [box(-0.18, 0.0, -0.08, 0.36, 0.04, 0.16, "leaf")], "lighting"),
    "outlet": Device("IfcOutlet", "五孔插座 10 A", "POWEROUTLET", [box(-0.045, -0.02, -0.045, 0.09, 0.03, 0.09, "device")], "power"),
    "data_outlet": Device("IfcOutlet", "信息插座", "DATAOUTLET", [box(-0.045, -0.02, -0.045, 0.09, 0.03, 0.09, "device")], "data"),
    "switch": Device("IfcSwitchingDevice", "照明开关", "TOGGLESWITCH", [box(-0.045, -0.02, -0.045, 0.09, 0.03, 0.09, "device")], "lighting"),
    "board": Device("IfcElectricDistributionBoard", "楼层配电箱", "DISTRIBUTIONBOARD", [box(-0.4, -0.22, 0.0, 0.8, 0.22, 1.8, "light_grey")], "power"),
    "main_board": Device("IfcElectricDistributionBoard", "低压开关柜", "SWITCHBOARD", [centred(0.8, 0.8, 2.2, "light_grey")], "power"),
    "transformer": Device("IfcTransformer", "干式变压器 1000 kVA", "VOLTAGE", _machine(2.2, 1.5, 1.9, "mid_grey"), "power"),
    "generator": Device("IfcElectricGenerator", "柴油发电机 500 kW", "STANDALONE", _machine(4.0, 1.6, 1.9, "bronze"), "power"),
    "battery": Device("IfcElectricFlowStorageDevice", "储能电池柜 215 kWh", "BATTERY", [centred(1.3, 1.0, 2.2, "white")], "power"),
    "meter": Device("IfcFlowMeter", "智能电表", "ENERGYMETER", [box(-0.1, -0.08, -0.15, 0.2, 0.08, 0.3, "device")], "power"),
    "ap": Device("IfcCommunicationsAppliance", "无线接入点", "NETWORKAPPLIANCE", _hang(0.22, 0.22, 0.05, "porcelain"), "data"),
    "camera": Device("IfcAudioVisualAppliance", "网络摄像机", "CAMERA", [box(-0.05, -0.1, -0.16, 0.1, 0.24, 0.1, "porcelain")], "security"),
    "access": Device("IfcController", "门禁控制器", "PROGRAMMABLE", [box(-0.05, -0.03, -0.08, 0.1, 0.03, 0.16, "charcoal")], "security"),
    "charger": Device("IfcElectricAppliance", "充电桩 7 kW", "USERDEFINED", [centred(0.35, 0.22, 1.5, "white"), box(-0.1, -0.13, 1.0, 0.2, 0.02, 0.3, "screen")], "power"),
    # fire
    "sprinkler": Device("IfcFireSuppressionTerminal", "闭式喷头 68 °C", "SPRINKLER", _hang(0.06, 0.06, 0.09, "fire_red"), "fire_water"),
    "hydrant": Device("IfcFireSuppressionTerminal", "室内消火栓箱", "FIREHYDRANT", [box(-0.35, -0.24, 0.0, 0.7, 0.24, 1.6, "fire_red")], "fire_water"),
    "extinguisher": Device("IfcFireSuppressionTerminal", "灭火器 MF/ABC4", "USERDEFINED", [cylinder(0, 0, 0, 0.08, 0.5, "fire_red")], "fire_water"),
    "alarm_button": Device("IfcAlarm", "手动火灾报警按钮", "MANUALPULLBOX", [box(-0.06, -0.04, -0.06, 0.12, 0.04, 0.12, "fire_red")], "fire_alarm"),
    "sounder": Device("IfcAlarm", "声光警报器", "SIREN", [box(-0.06, -0.05, -0.06, 0.12, 0.05, 0.12, "fire_red")], "fire_alarm"),
    "fire_pump": Device("IfcPump", "消防泵", "ENDSUCTION", _pump(), "fire_water"),
    # hvac
    "diffuser": Device("IfcAirTerminal", "方形散流器 500×500", "DIFFUSER", _hang(0.5, 0.5, 0.05, "device"), "supply_air"),
    "vav": Device("IfcAirTerminalBox", "变风量末端 VAV", "VARIABLEFLOWPRESSUREDEPENDANT", [bar(-0.5, 0, 0, 1.0, 0.5, 0.35, "galvanised")], "supply_air"),
    "fcu": Device("IfcUnitaryEquipment", "风机盘管 FP-85", "AIRCONDITIONINGUNIT", [centred(1.1, 0.5, 0.25, "galvanised", -0.25)], "chilled"),
    "ahu": Device("IfcUnitaryEquipment", "组合式空调机组", "AIRHANDLER", _machine(3.2, 1.5, 1.7, "light_grey"), "supply_air"),
    "fresh": Device("IfcUnitaryEquipment", "新风机组", "AIRHANDLER", _machine(2.2, 1.1, 1.3, "light_grey"), "supply_air"),
    "chiller": Device("IfcChiller", "离心式冷水机组 1758 kW", "WATERCOOLED", _chiller(), "chilled"),
    "heat_pump": Device("IfcUnitaryEquipment", "空气源热泵", "SPLITSYSTEM", _machine(2.2, 1.1, 1.8, "white"), "heating"),
    "cooling_tower": Device("IfcCoolingTower", "横流式冷却塔", "MECHANICALINDUCEDDRAFT", _tower(), "condenser"),
    "pump": Device("IfcPump", "冷冻水泵", "ENDSUCTION", _pump(), "chilled"),
    "tank": Device("IfcTank", "水箱 12 m³", "STORAGE", [centred(3.0, 2.0, 2.0, "steel", 0.3), centred(2.8, 1.8, 0.3, "concrete")], "water"),
    "exhaust": Device("IfcFan", "排风机", "CENTRIFUGALAIRFOIL", _machine(1.2, 1.0, 1.0, "galvanised"), "supply_air"),
    # plumbing
    "basin": Device("IfcSanitaryTerminal", "洗手盆", "WASHHANDBASIN", [box(-0.28, -0.45, 0.72, 0.56, 0.45, 0.14, "porcelain")], "water"),
    "wc": Device("IfcSanitaryTerminal", "坐便器", "TOILETPAN", [box(-0.19, -0.62, 0.0, 0.38, 0.42, 0.42, "porcelain"), box(-0.2, -0.2, 0.0, 0.4, 0.2, 0.8, "porcelain")], "drainage"),
    "urinal": Device("IfcSanitaryTerminal", "小便器", "URINAL", [box(-0.18, -0.34, 0.45, 0.36, 0.34, 0.7, "porcelain")], "drainage"),
    "shower": Device("IfcSanitaryTerminal", "淋浴", "SHOWER", [box(-0.45, -0.9, 0.0, 0.9, 0.9, 0.08, "porcelain"), box(-0.02, -0.06, 1.0, 0.04, 0.04, 1.1, "metal")], "water"),
    "sink": Device("IfcSanitaryTerminal", "洗涤盆", "SINK", [box(-0.5, -0.6, 0.0, 1.0, 0.6, 0.85, "steel")], "water"),
    "floor_drain": Device("IfcWasteTerminal", "地漏", "FLOORTRAP", [centred(0.15, 0.15, 0.02, "steel")], "drainage"),
    "valve": Device("IfcValve", "闸阀 DN100", "ISOLATING", [cylinder(-0.12, 0, 0, 0.1, 0.24, "pipe_water", "x"), cylinder(0, 0, 0, 0.03, 0.25, "metal")], "water"),
    "water_meter": Device("IfcFlowMeter", "远传水表 DN50", "WATERMETER", [cylinder(-0.15, 0, 0, 0.09, 0.3, "pipe_water", "x"), cylinder(0, 0, 0.05, 0.08, 0.1, "device")], "water"),
    "flow_meter": Device("IfcFlowMeter", "超声波热量表", "ENERGYMETER", [cylinder(-0.2, 0, 0, 0.14, 0.4, "pipe_chilled", "x"), box(-0.08, -0.08, 0.14, 0.16, 0.16, 0.14, "device")], "chilled"),
    "heater": Device("IfcSpaceHeater", "电暖器", "CONVECTOR", [box(-0.6, -0.1, 0.1, 1.2, 0.1, 0.5, "device")], "heating"),
}  # fmt: skip


def device(model: Model, key: str) -> Kind:
    """The type of a device, made once per file."""
    spec = DEVICES[key]
    return model.kind(
        spec.cls, spec.zh, spec.solids, spec.predefined,
        {"Pset_ManufacturerTypeInformation": {"Manufacturer": "示例 (invented)", "ModelReference": f"OV-{key.upper()}"}},
    )  # fmt: skip
