"""All kinds of features. A new kind is one more entry here; new geometry is one more family.

Lifts order what lies on the ground, so that nothing flickers: land < green < water < road < footpath < bays < marks.
"""

from __future__ import annotations

from gis import looks
from gis.families.block import Block
from gis.families.placed import Place, Trees
from gis.families.surface import Drape, Outline, Ribbon, Water
from gis.families.swept import Barrier, Medium, Tube
from gis.kinds.kind import Kind, Kinds
from gis.shapes.models import BOLLARD, COVER, HYDRANT, LAMP, POST, SMART_POLE

_ROAD_WIDTHS = {
    "motorway": 15.0, "trunk": 14.0, "primary": 14.0, "secondary": 11.0, "tertiary": 8.0, "unclassified": 6.0,
    "residential": 6.0, "livingstreet": 5.0, "service": 4.0, "motorwaylink": 6.0, "trunklink": 6.0,
    "primarylink": 6.0, "secondarylink": 6.0, "tertiarylink": 5.0, "track": 3.0, "busway": 7.0,
    "major": 11.0, "arterial": 11.0, "collector": 8.0, "local": 6.0, "lane": 4.0, "fire": 4.0, "firelane": 4.0,
    "主干路": 14.0, "次干路": 11.0, "支路": 7.0, "消防车道": 4.0, "快速路": 15.0,
}  # fmt: skip
"""Carriageway widths by class: CJJ 37 lane counts for the Chinese classes, usual figures for OpenStreetMap's."""
_PATH_WIDTHS = {
    "footway": 2.0, "path": 1.5, "pedestrian": 4.0, "steps": 2.0, "cycleway": 2.5, "bridleway": 2.0, "ppath": 2.0,
    "sidewalk": 2.0,
}  # fmt: skip
_WATER_WIDTHS = {"river": 15.0, "canal": 10.0, "stream": 3.0, "ditch": 1.5, "drain": 1.5}
_MEDIA = {
    "supply": Medium(looks.PIPE_SUPPLY, 0.3, 1.0),
    "storm": Medium(looks.PIPE_STORM, 0.6, 1.5),
    "sewage": Medium(looks.PIPE_SEWAGE, 0.4, 2.0),
    "gas": Medium(looks.PIPE_GAS, 0.2, 0.9),
    "heat": Medium(looks.PIPE_HEAT, 0.3, 1.2),
    "power": Medium(looks.PIPE_POWER, 0.3, 0.8),
    "telecom": Medium(looks.PIPE_TELECOM, 0.2, 0.7),
}
"""Usual diameters, and covers at or above the least of GB 50289 table 4.1.1."""

_EDGE = Outline(looks.AREA, 0.26)
_THREAD = Ribbon(looks.LINE, 0.26, 0.6)
_POST = Place(POST)
_BLOCK = Block(looks.WALL, looks.ROOF)
_PALE = Block(looks.PALE_WALL, looks.PALE_ROOF)
_GREEN = Drape(looks.GREEN, 0.05)
_ROAD = Drape(looks.ASPHALT, 0.10)
_PATH = Drape(looks.PAVING, 0.15)
_FENCES = {
    "wall": looks.MASONRY, "citywall": looks.MASONRY, "retainingwall": looks.MASONRY, "围墙": looks.MASONRY,
    "hedge": looks.HEDGE, "绿篱": looks.HEDGE,
}  # fmt: skip
_PIPE_WORDS = frozenset(
    {"pipe", "pipes", "pipeline", "pipelines", "pipesegment", "pipesegments", "pipework", "utilitypipe", "管线", "管道", "管段",
     "waterpipe", "waterpipes", "watermain", "gaspipe", "gaspipes", "sewer", "sewers", "sewerpipe", "stormdrain",
     "rainpipe", "heatpipe", "heatingpipe", "powerduct", "powercable", "telecomduct", "duct", "ducts", "conduit",
     "conduits", "给水管", "雨水管", "污水管", "燃气管", "热力管", "电力管", "通信管"}
)  # fmt: skip

KINDS = Kinds(
    [
        Kind("building", "Building", _BLOCK, _THREAD, _POST, whole=True, discipline="architecture", words=frozenset(
            {"building", "buildings", "buildingpart", "house", "houses", "footprint", "footprints", "bldg", "bldgs",
             "建筑", "建筑物", "房屋", "楼栋"})),
        Kind("neighbour", "Building", _PALE, _THREAD, _POST, whole=True, discipline="architecture", words=frozenset(
            {"neighbour", "neighbours", "neighbor", "neighbors", "neighbourbuilding", "neighbourbuildings",
             "neighborbuilding", "neighborbuildings", "surroundings", "context", "contextbuilding", "周边建筑", "邻近建筑"})),
        Kind("road", "Road", _ROAD, Ribbon(looks.ASPHALT, 0.10, 6.0, _ROAD_WIDTHS, lanes=True), _POST,
             words=frozenset({"road", "roads", "street", "streets", "carriageway", "道路", "车行道", "机动车道"})),
        Kind("footpath", "Footpath", _PATH, Ribbon(looks.PAVING, 0.15, 2.0, _PATH_WIDTHS), _POST, words=frozenset(
            {"footpath", "footpaths", "footway", "footways", "path", "paths", "sidewalk", "sidewalks", "pavement",
             "plaza", "square", "步道", "人行道", "广场", "慢行道"})),
        Kind("railway", "Railway", Drape(looks.RAIL, 0.09), Ribbon(looks.RAIL, 0.09, 3.0), _POST,
             words=frozenset({"railway", "railways", "rail", "tram", "铁路", "轨道"})),
        Kind("green", "GreenArea", _GREEN, Ribbon(looks.GREEN, 0.05, 2.0), Trees(), words=frozenset(
            {"green", "greens", "greenarea", "greenareas", "greenspace", "greenspaces", "lawn", "grass", "park",
             "garden", "vegetation", "planting", "绿地", "草坪", "绿化", "花园"})),
        Kind("water", "WaterBody", Water(looks.WATER, 0.07), Ribbon(looks.WATER, 0.07, 3.0, _WATER_WIDTHS), _POST,
             words=frozenset({"water", "waterbody", "waterbodies", "waters", "lake", "lakes", "pond", "ponds", "river",
                              "rivers", "stream", "canal", "水体", "水系", "湖泊", "河流", "水域"})),
        Kind("plot", "PlotBoundary", Outline(looks.PLOT, 0.25, 0.5), Ribbon(looks.PLOT, 0.25, 0.5), _POST,
             cim_level=1, words=frozenset(
            {"plot", "plots", "plotboundary", "boundary", "boundaries", "parcel", "parcels", "siteboundary", "redline",
             "用地红线", "地块", "用地边界", "红线", "宗地"})),
        Kind("parking", "ParkingBay", Drape(looks.PARKING, 0.20), Ribbon(looks.PARKING, 0.20, 2.5), _POST,
             cim_level=3, words=frozenset({"parking", "parkingbay", "parkingbays", "parkingspace", "parkingspaces",
                                           "parkinglot", "bay", "bays", "停车位", "车位", "停车场"})),
        Kind("landuse", "LandUse", Drape(looks.LAND, 0.02), _THREAD, _POST, cim_level=1,
             words=frozenset({"landuse", "landuses", "landcover", "zoning", "用地", "土地利用", "用地性质"})),
        Kind("lamp", "LampPost", _POST, _THREAD, Place(LAMP, "height", (2.0, 40.0)), cim_level=3,
             words=frozenset({"lamp", "lamps", "lamppost", "lampposts", "streetlamp", "streetlamps", "streetlight",
                              "streetlights", "light", "lights", "路灯", "灯杆"})),
        Kind("pole", "MultiFunctionPole", _POST, _THREAD, Place(SMART_POLE, "height", (3.0, 60.0)), cim_level=3,
             words=frozenset({"pole", "poles", "smartpole", "smartpoles", "multifunctionpole", "multifunctionpoles",
                              "mast", "智慧灯杆", "多功能杆", "综合杆"})),
        Kind("tree", "Tree", Trees(), Trees(), Trees(), cim_level=3,
             words=frozenset({"tree", "trees", "treerow", "树", "树木", "乔木", "行道树"})),
        Kind("manhole", "Manhole", Drape(looks.IRON, 0.22), _THREAD,
             Place(COVER, "diameter", (0.2, 3.0), default=0.7, lift=0.22), cim_level=3,
             words=frozenset({"manhole", "manholes", "manholecover", "inspectionchamber", "井盖", "检查井", "窨井"})),
        Kind("hydrant", "Hydrant", _POST, _THREAD, Place(HYDRANT), cim_level=3, discipline="fire",
             words=frozenset({"hydrant", "hydrants", "firehydrant", "firehydrants", "消火栓"})),
        Kind("pipe", "PipeSegment", _EDGE, Tube(_MEDIA, Medium(looks.PIPE_OTHER, 0.2, 1.0)), _POST,
             discipline="plumbing", words=_PIPE_WORDS),
        Kind("barrier", "Barrier", Outline(looks.FENCE, 0.2, 0.2), Barrier(_FENCES, looks.FENCE), Place(BOLLARD),
             cim_level=3, words=frozenset({"barrier", "barriers", "fence", "fences", "wall", "walls", "hedge", "railing",
                                           "围墙", "栅栏", "围栏", "护栏"})),
        Kind("poi", "PointOfInterest", _EDGE, _THREAD, _POST, cim_level=3,
             words=frozenset({"poi", "pois", "pointofinterest", "pointsofinterest", "amenity", "amenities", "兴趣点"})),
        Kind("feature", "Feature", _EDGE, _THREAD, _POST),
    ]
)  # fmt: skip
