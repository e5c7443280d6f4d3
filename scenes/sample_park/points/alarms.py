"""Alarm rules of the sample park (alarms.yaml)."""

from __future__ import annotations

from pathlib import Path

import yaml

_RULES: list[dict[str, object]] = [
    {"id": "smoke", "kind": "smoke", "severity": "critical", "op": "==", "limit": 1.0, "delay_s": 0.0,
     "message_zh": "感烟探测器报警", "message_en": "Smoke detector in alarm",
     "source": "GB/T 26875.3 component state 'fire'", "mark": "GK"},
    {"id": "leak", "kind": "leak", "severity": "major", "op": "==", "limit": 1.0, "delay_s": 5.0,
     "message_zh": "机房漏水", "message_en": "Water leak in a plant room", "source": "sample", "mark": "sample"},
    {"id": "co-garage", "kind": "co", "severity": "major", "op": ">", "limit": 24.0, "delay_s": 60.0, "dead_band": 3.0,
     "message_zh": "停车楼一氧化碳浓度过高", "message_en": "Carbon monoxide too high in the garage",
     "source": "30 mg/m3, about 24 ppm", "mark": "GK"},
    {"id": "co2-room", "kind": "co2", "severity": "minor", "op": ">", "limit": 1000.0, "delay_s": 300.0, "dead_band": 50.0,
     "message_zh": "室内二氧化碳浓度过高", "message_en": "Carbon dioxide too high indoors",
     "source": "GB/T 18883-2022, 0.10 %", "mark": "GK"},
    {"id": "room-hot", "kind": "temperature", "severity": "minor", "op": ">", "limit": 30.0, "delay_s": 300.0, "dead_band": 1.0,
     "message_zh": "室温过高", "message_en": "Room too warm", "source": "sample", "mark": "sample"},
    {"id": "manhole-full", "kind": "manhole_level", "severity": "major", "op": ">", "limit": 2.0, "delay_s": 30.0, "dead_band": 0.1,
     "message_zh": "检查井液位过高", "message_en": "Manhole nearly full",
     "source": "0.8 of the depth of a 2.5 m manhole", "mark": "GK"},
    {"id": "pm25-high", "kind": "pm25", "severity": "notice", "op": ">", "limit": 75.0, "delay_s": 600.0, "dead_band": 5.0,
     "message_zh": "PM2.5 偏高", "message_en": "PM2.5 high", "source": "GB 3095-2012 class 2, 24 h mean", "mark": "GK"},
    {"id": "noise-high", "kind": "noise", "severity": "notice", "op": ">", "limit": 70.0, "delay_s": 120.0, "dead_band": 3.0,
     "message_zh": "环境噪声偏高", "message_en": "Noise high", "source": "GB 3096-2008 class 4a, day", "mark": "GK"},
    {"id": "rain-heavy", "kind": "rainfall", "severity": "minor", "op": ">", "limit": 16.0, "delay_s": 60.0, "dead_band": 2.0,
     "message_zh": "强降雨", "message_en": "Heavy rain", "source": "sample", "mark": "sample"},
    {"id": "fire-pump-pressure", "point_id": "e1.f01.fire-pump-1.pressure", "severity": "major", "op": "<", "limit": 100.0,
     "delay_s": 30.0, "dead_band": 20.0, "message_zh": "消防管网压力过低", "message_en": "Fire main pressure low",
     "source": "hydrant static pressure 0.10 MPa", "mark": "GK"},
    {"id": "transformer-load", "point_id": "e1.f01.transformer-1.load", "severity": "major", "op": ">", "limit": 90.0,
     "delay_s": 300.0, "dead_band": 5.0, "message_zh": "变压器负荷过高", "message_en": "Transformer overloaded",
     "source": "sample", "mark": "sample"},
    {"id": "smoke-lost", "kind": "smoke", "severity": "notice", "op": "missing", "delay_s": 120.0,
     "message_zh": "感烟探测器失联", "message_en": "Smoke detector is silent", "source": "sample", "mark": "sample"},
]  # fmt: skip


def write_alarms(path: Path) -> int:
    """Write the rules. Returns how many."""
    head = (
        "# Alarm rules. mark GK: limit from general knowledge, to be verified; sample: invented for the sample park.\n"
    )
    text = yaml.safe_dump(_RULES, allow_unicode=True, sort_keys=False, width=120)
    path.write_text(head + text, encoding="utf-8")
    return len(_RULES)
