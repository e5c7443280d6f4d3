"""Distribution systems of a building: Chinese name, English name, IfcDistributionSystemEnum."""

from __future__ import annotations

SYSTEMS: dict[str, tuple[str, str, str]] = {
    "supply_air": ("送风系统", "Supply air", "VENTILATION"),
    "chilled": ("空调冷水系统", "Chilled water", "CHILLEDWATER"),
    "heating": ("热水系统", "Heating water", "HEATING"),
    "condenser": ("冷却水系统", "Condenser water", "CONDENSERWATER"),
    "power": ("配电系统", "Power distribution", "ELECTRICAL"),
    "lighting": ("照明系统", "Lighting", "LIGHTING"),
    "fire_water": ("自动喷水灭火系统", "Sprinklers and hydrants", "FIREPROTECTION"),
    "fire_alarm": ("火灾自动报警系统", "Fire alarm", "SIGNAL"),
    "water": ("给水系统", "Domestic cold water", "DOMESTICCOLDWATER"),
    "drainage": ("排水系统", "Drainage", "SEWAGE"),
    "data": ("信息设施系统", "Communications", "DATA"),
    "control": ("建筑设备监控系统", "Building automation", "CONTROL"),
    "security": ("安全防范系统", "Security", "SECURITY"),
}
