"""Parking bays, open alarms, devices online."""

from __future__ import annotations

import numpy as np

from twin.finding import Severity
from twin.indicators.indicator import Indicator, Moment, Part, Result
from twin.indicators.select import nothing, of_kind, usable

SEVERITIES = {
    Severity.CRITICAL: ("紧急", "Critical"),
    Severity.MAJOR: ("重要", "Major"),
    Severity.MINOR: ("次要", "Minor"),
    Severity.NOTICE: ("提示", "Notice"),
}


def bays_free(moment: Moment) -> Result:
    """Bays whose sensor says that nobody stands there. Bays without a good value are told apart."""
    points = of_kind(moment, "bay_occupied")
    good = usable(moment, points)
    if not good.any():
        return nothing("bay_occupied", len(points))
    taken = int((moment.hub.values[points[good]] >= 0.5).sum())
    free = int(good.sum()) - taken
    parts = (
        Part("free", "空闲", "Free", free),
        Part("occupied", "占用", "Occupied", taken),
        Part("unknown", "未知", "Unknown", int((~good).sum())),
    )
    return Result(free, parts, used=int(good.sum()), points=len(points))


def alarms_open(moment: Moment) -> Result:
    """Alarms that are not closed, by severity."""
    parts = tuple(
        Part(severity.value, zh, en, moment.alarms.get(severity.value, 0)) for severity, (zh, en) in SEVERITIES.items()
    )
    return Result(sum(moment.alarms.values()), parts)


def devices_online(moment: Moment) -> Result:
    """Share of devices that were heard within three of their periods, percent.

    A device is what stands in the points' `device`, else their object; it is online when any of its
    points was heard, with whatever value.
    """
    hub = moment.hub
    if len(hub) == 0:
        return Result(None, reason_zh="园区没有绑定测点", reason_en="No points are bound in this park")
    names = np.where(hub.device == "", hub.gid, hub.device)
    _devices, device = np.unique(names, return_inverse=True)
    count = int(device.max()) + 1
    fresh = (hub.heard_at > 0) & (moment.now - hub.heard_at <= hub.stale_after)
    online = int((np.bincount(device, weights=fresh, minlength=count) > 0).sum())
    heard = int((np.bincount(device, weights=hub.heard_at > 0, minlength=count) > 0).sum())
    parts = (
        Part("online", "在线", "Online", online),
        Part("offline", "离线", "Offline", heard - online),
        Part("never", "从未上线", "Never heard", count - heard),
    )
    return Result(100 * online / count, parts, used=online, points=count)


ASSETS = (
    Indicator("parking", "空闲车位", "Free parking bays", "个", bays_free, "bays sensed as free", 0),
    Indicator("alarms", "未关闭告警", "Open alarms", "", alarms_open, "alarms not closed", 0),
    Indicator("devices", "设备在线率", "Devices online", "%", devices_online, "devices heard / all devices"),
)
