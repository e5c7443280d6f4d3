"""The checks by rule id. Add one: write a function, name it here, describe it in rules.yaml."""

from __future__ import annotations

from collections.abc import Callable

from bim.review.checked import Checked
from bim.review.checks import doors, file, heights, information, stairs
from bim.review.model import ReviewModel
from bim.review.rules import Rule

Check = Callable[[ReviewModel, Rule], Checked]

REGISTRY: dict[str, Check] = {
    "guid-unique": file.guid_unique,
    "georeference": file.georeference,
    "storey-containment": information.storey_containment,
    "space-present": information.space_present,
    "element-duplicate": information.element_duplicate,
    "wall-properties": information.wall_properties,
    "door-fire-rating": doors.fire_rating,
    "door-width": doors.width,
    "clear-height": heights.clear_height,
    "railing-height": heights.railing_height,
    "stair-riser": stairs.riser,
    "stair-width": stairs.width,
    "ramp-slope": stairs.ramp_slope,
}
