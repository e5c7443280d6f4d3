"""The names that sources give to fields and values. Matched without case, blanks and marks (`columns.plain`)."""

from __future__ import annotations

NAME = ("name:zh", "name", "名称", "placename", "title", "label", "bldg_name", "roadname", "shortname", "name:en")
DESCRIPTION = ("description", "desc", "remark", "remarks", "备注", "说明", "note", "notes")
TAG = ("ref", "code", "tag", "bldg_code", "代码")
HEIGHT = (
    "height", "building:height", "building_height", "bldg_height", "hgt", "height_m", "measuredheight", "render_height",
    "max_height", "heightmax", "est_height", "h", "hoehe", "höhe", "hauteur", "高度", "建筑高度", "楼高", "高",
)  # fmt: skip
LEVELS = (
    "building:levels", "building_levels", "levels", "num_floors", "numfloors", "floors", "max_floors", "floor_count",
    "storeys", "stories", "num_storeys", "storeysaboveground", "storeys_above_ground", "bldg_floors", "层数", "楼层数",
    "楼层", "地上层数", "floor",
)  # fmt: skip
MIN_HEIGHT = ("min_height", "building:min_height", "render_min_height", "base_height_above_ground")
MIN_LEVEL = ("building:min_level", "min_level")
WIDTH = ("width", "width_m", "road_width", "est_width", "宽度", "路宽", "红线宽度")
LANES = ("lanes", "num_lanes", "车道数")
CLASS = (
    "highway", "class", "fclass", "road_class", "rd_class", "roadclass", "subtype", "subclass", "railway", "waterway",
    "category", "kind_detail", "strassenkl", "等级", "道路等级", "类别",
)  # fmt: skip
DIAMETER = (
    "diameter",
    "dn",
    "nominal_diameter",
    "diameter_mm",
    "diam",
    "pipe_diameter",
    "管径",
    "口径",
    "直径",
    "size",
)
DEPTH = ("depth", "cover", "burial_depth", "depth_m", "埋深", "平均埋深")
DEPTH_START = ("depth_start", "start_depth", "起点埋深")
DEPTH_END = ("depth_end", "end_depth", "终点埋深")
MEDIUM = (
    "medium", "substance", "system", "network", "fluid", "utility", "pipe_type", "pipe_kind", "管线类型", "管线种类",
    "介质", "subtype", "class", "category", "kind", "type",
)  # fmt: skip
CROWN = ("diameter_crown", "crown_diameter", "crown", "crown_m", "crown_width", "canopy", "冠幅", "冠径")
TRUNK = ("dbh", "trunk_diameter", "diameter_breast_height_cm", "diameter_breast_height", "胸径")
SPECIES = (
    "leaf_type",
    "species",
    "genus",
    "taxon",
    "common_name",
    "scientific_name",
    "树种",
    "species:zh",
    "species:en",
)
CONIFERS = (
    "needle", "conif", "pinus", "pine", "picea", "spruce", "abies", "fir", "cedr", "juniper", "cypress", "cupress",
    "metasequoia", "taxus", "thuja", "松", "柏", "杉",
)  # fmt: skip
HEADING = ("heading", "direction", "bearing", "azimuth", "rotation", "方位角")

KIND_FIELDS = ("kind", "type", "feature_type", "object_type", "class", "category", "fclass", "类型", "要素类型", "种类")

PIPE_MEDIA: dict[str, frozenset[str]] = {
    "supply": frozenset({"water", "watersupply", "supply", "drinkingwater", "potable", "potablewater", "freshwater",
                         "supplypipe", "waterpipe", "watermain", "js", "给水", "供水", "自来水"}),
    "storm": frozenset({"storm", "stormwater", "rain", "rainwater", "stormdrain", "drainage", "ys", "雨水"}),
    "sewage": frozenset({"sewage", "sewer", "wastewater", "sanitary", "foul", "ws", "污水", "排水", "drain"}),
    "gas": frozenset({"gas", "naturalgas", "fuelgas", "rq", "燃气", "天然气", "煤气"}),
    "heat": frozenset({"heat", "heating", "districtheating", "hotwater", "steam", "chilledwater", "rl", "热力", "供热", "蒸汽"}),
    "power": frozenset({"power", "electricity", "electric", "electrical", "cable", "dl", "电力", "供电", "路灯"}),
    "telecom": frozenset({"telecom", "telecommunication", "telecommunications", "communication", "communications",
                          "fibre", "fiber", "data", "tx", "dx", "通信", "电信", "弱电", "信息"}),
}  # fmt: skip
