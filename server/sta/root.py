"""The root document: the entity sets, and what of the standard is there."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from server.sta.schema import TYPES

REQUIREMENTS = "http://www.opengis.net/spec/iot_sensing/1.1/req/"
KINDS = (
    "thing",
    "location",
    "historical-location",
    "datastream",
    "sensor",
    "observed-property",
    "observation",
    "feature-of-interest",
)
CONFORMANCE = (
    "datamodel/entity-control-information/common-control-information",
    *(f"datamodel/{name}/{part}" for name in KINDS for part in ("properties", "relations")),
    "resource-path/resource-path-to-entities",
    "request-data/order",
    "request-data/expand",
    "request-data/select",
    "request-data/status-code",
    "request-data/query-status-code",
    "request-data/orderby",
    "request-data/top",
    "request-data/skip",
    "request-data/count",
    "request-data/filter",
    "request-data/built-in-filter-operations",
    "request-data/built-in-query-functions",
    "request-data/pagination",
    "create-update-delete/create-entity",
    "create-update-delete/link-to-existing-entities",
    "create-update-delete/deep-insert",
    "create-update-delete/deep-insert-status-code",
    "create-update-delete/update-entity",
    "create-update-delete/update-entity-put",
    "create-update-delete/update-entity-jsonpatch",
    "create-update-delete/delete-entity",
    "create-update-delete/historical-location-auto-creation",
    "create-update-delete/historical-location-manual-creation",
    "data-array/data-array",
)
# Updates are published of Observations only, so "receive-updates" is not claimed.
MQTT_CREATE = "create-observations-via-mqtt/observations-creation"


def root_document(root: str, mqtt: Sequence[str] = ()) -> dict[str, Any]:
    """root: the service's address; mqtt: addresses of brokers where Observations are published and taken, none: not here."""
    settings: dict[str, Any] = {"conformance": [REQUIREMENTS + name for name in CONFORMANCE]}
    if mqtt:
        settings["conformance"].append(REQUIREMENTS + MQTT_CREATE)
        settings[REQUIREMENTS + MQTT_CREATE] = {"endpoints": list(mqtt)}
    return {"value": [{"name": name, "url": f"{root}/{name}"} for name in TYPES], "serverSettings": settings}
