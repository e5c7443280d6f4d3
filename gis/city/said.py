"""The findings of reading a city model, in words."""

from __future__ import annotations

from gis.notes import Text
from twin.finding import Severity

ASSUMED = Text(
    "模型未注明坐标系，坐标像经纬度，按 EPSG:4326 读取",
    "The model names no coordinate system; its coordinates look like degrees and are read as EPSG:4326",
    "在文件中注明坐标系，或用 --crs 指定",
    "Name the system in the file, or with --crs",
    Severity.MINOR,
)
PARK = Text(
    "模型未注明坐标系，按园区坐标系 {crs} 读取",
    "The model names no coordinate system and is read in the park's own, {crs}",
    "在文件中注明坐标系，或用 --crs 指定",
    "Name the system in the file, or with --crs",
    Severity.MINOR,
)
NO_CRS = Text(
    "模型未注明坐标系，其中心放在园区原点，底部放在园区地面",
    "The model names no coordinate system: its middle was put on the park's origin and its foot on the park's ground",
    "在文件中填写 metadata.referenceSystem（CityJSON）或 srsName（CityGML），或用 --crs 指定",
    "Give metadata.referenceSystem (CityJSON) or srsName (CityGML), or name the system with --crs",
    Severity.MAJOR,
)
NO_CRS_ASSUMED = Text(
    "模型和园区都没有位置，园区原点暂定在东经 114.3°、北纬 30.6°，模型中心放在原点",
    "Neither model nor park has a place: the park's origin was set to 114.3 E, 30.6 N and the model's middle put on it",
    "在文件中填写 metadata.referenceSystem（CityJSON）或 srsName（CityGML），或用 --crs 指定",
    "Give metadata.referenceSystem (CityJSON) or srsName (CityGML), or name the system with --crs",
    Severity.MAJOR,
)
AXES = Text(
    "坐标轴顺序与 {crs} 的规定相反，已按落在其适用范围内的顺序读取",
    "The coordinates are not in the axis order that {crs} is named with; they were read in the order that lies in its area",
    "按坐标系定义的轴序导出",
    "Export in the axis order of the system",
    Severity.MINOR,
)
AREA = Text(
    "坐标落在 {crs} 的适用范围之外，坐标系可能填错",
    "The coordinates lie outside the area that {crs} is meant for: the system may be wrong",
    "用 --crs 指定正确的坐标系",
    "Name the right system with --crs",
    Severity.MAJOR,
)
MIXED = Text(
    "文件中有 {n} 个不同的坐标系名称，全部按第一个 {crs} 读取",
    "The file names {n} different coordinate systems; all is read in the first, {crs}",
    "按坐标系拆分文件",
    "Split the file by coordinate system",
    Severity.MAJOR,
)
REPEATED = Text(
    "{n} 个城市对象的编号重复，已加 ~2、~3 区分",
    "{n} city objects repeat an id and are told apart by ~2, ~3",
    "在源数据中使编号唯一",
    "Make ids unique in the source",
    Severity.MINOR,
)
HASHED = Text(
    "{n} 个城市对象没有 gml:id，编号由类别、属性和几何生成，内容改变后编号也会改变",
    "{n} city objects have no gml:id; their ids are made from class, attributes and geometry and change with them",
    "导出时写出 gml:id",
    "Export gml:id",
)
DANGLING_PARENT = Text(
    "{n} 个城市对象的上级不在文件中，作为顶层对象保留",
    "{n} city objects name a parent that the file does not hold; they stand at the root",
    "导出完整的上下级对象",
    "Export parents together with their parts",
    Severity.MINOR,
)
DANGLING_MEMBER = Text(
    "{n} 个成员或下级引用指向文件中没有的对象，已忽略",
    "{n} references to members or children point to objects that the file does not hold and were left out",
    "导出被引用的对象，或删除引用",
    "Export the objects referred to, or drop the references",
    Severity.MINOR,
)
ONE_SIDED = Text(
    "{n} 个对象的上下级关系只在一方写明，已采用",
    "{n} objects are tied to their parent on one side only; the tie was kept",
    "同时写出 parents 和 children",
    "Write both parents and children",
)
CYCLE = Text(
    "{n} 个城市对象的上级关系成环，已断开",
    "{n} city objects are their own ancestors; the ring of parents was cut",
    "在源数据中修正上下级关系",
    "Mend the parents in the source",
    Severity.MINOR,
)
FURTHER_PARENTS = Text(
    "{n} 个对象有多个上级，第一个作为上级，其余记为成员关系",
    "{n} objects have several parents; the first is kept as parent, the others as membership",
)
MALFORMED = Text(
    "{n} 个几何的结构不合格式规定，已略去",
    "{n} geometries are not built as the format says and were left out",
    "用 cjval 或 val3dity 检查并修正",
    "Check and mend with cjval or val3dity",
    Severity.MAJOR,
)
NO_VERTEX = Text(
    "{n} 个对象的面引用了不存在的顶点，这些面已略去",
    "{n} objects have surfaces that name vertices the file does not hold; these surfaces were left out",
    "用 cjval 检查并修正",
    "Check and mend with cjval",
    Severity.MAJOR,
)
NO_LINK = Text(
    "{n} 个对象引用（xlink）的面不在文件中，这些面缺失",
    "{n} objects refer (xlink) to surfaces that the file does not hold; these surfaces are missing",
    "导出时把被引用的几何写进同一文件",
    "Export the geometry referred to into the same file",
    Severity.MAJOR,
)
BAD_RING = Text(
    "{n} 个对象有不足三点、零面积或坐标无效的环，相应的面或孔已略去",
    "{n} objects have rings with fewer than three points, no area or no finite coordinates; the faces or holes were left out",
    "用 val3dity 检查并修正几何",
    "Check and mend the geometry with val3dity",
    Severity.MINOR,
)
CROSSING = Text(
    "{n} 个对象有自相交的环，其面只能近似绘制",
    "{n} objects have rings that cross or touch themselves; their faces are drawn as well as can be",
    "用 val3dity 检查并修正几何",
    "Check and mend the geometry with val3dity",
    Severity.MINOR,
)
OFF_PLANE = Text(
    "{n} 个对象有不平的面，最大偏离 {worst:.2f} m",
    "{n} objects have faces that are not plane, by up to {worst:.2f} m",
    "将这些面拆成三角形",
    "Split such faces into triangles",
)
INVERTED = Text(
    "{n} 个实体的面朝内，已翻转",
    "{n} solids are inside out; they were turned",
    "导出时使面朝外",
    "Export surfaces that look outward",
    Severity.MINOR,
)
OPEN_SOLID = Text(
    "{n} 个实体不封闭，未计算体积",
    "{n} solids are not closed and get no volume",
    "用 val3dity 检查并修正几何",
    "Check and mend the geometry with val3dity",
    Severity.MINOR,
)
EMPTY = Text(
    "{n} 个对象的几何全部无法使用，仅保留属性",
    "{n} objects have no geometry that can be used and are kept without a shape",
    "在源数据中修正几何",
    "Mend the geometry in the source",
    Severity.MINOR,
)
NO_SURFACES = Text(
    "{n} 个对象只有点或线几何，没有可绘制的面",
    "{n} objects have points or lines only, no surfaces that could be drawn",
)
LOWER_LODS = Text(
    "{n} 个对象有多个细节层次，采用最高的一个",
    "{n} objects come in several levels of detail; the highest is taken",
)
COARSE_PARENT = Text(
    "{n} 栋建筑本身的几何比其部分粗略，只画各部分",
    "{n} objects are coarser than their own parts; only the parts are drawn",
)
TEXTURES = Text(
    "{n} 张纹理图片缺失或无法读取，末张：{image}；表面按语义或材质着色",
    "{n} texture images are missing or cannot be read, the last: {image}: {why}; surfaces take the colours of their"
    " meaning or material",
    "将图片按相对路径放在模型所在文件夹或压缩包内",
    "Put the images into the model's folder or archive, under the paths that it names",
)
GEOREFERENCED = Text(
    "{n} 张地理参考纹理（GeoreferencedTexture）未读取",
    "{n} georeferenced textures (GeoreferencedTexture) are not read",
)
LIBRARY = Text(
    "{n} 个对象的几何在外部文件（libraryObject）中，未读取",
    "{n} objects have their geometry in another file (libraryObject), which is not read",
    "导出时把几何写进同一文件",
    "Export the geometry into the same file",
)
MEANING = Text(
    "{n} 个几何的语义或材质与面数不符，已忽略",
    "{n} geometries have semantics or materials that do not match their surfaces; these were left out",
    "用 cjval 检查并修正",
    "Check and mend with cjval",
)
TEMPLATE = Text(
    "{n} 个实例引用了不存在或无效的模板、锚点或矩阵，已略去",
    "{n} instances name no usable template, anchor or matrix and were left out",
    "用 cjval 检查并修正",
    "Check and mend with cjval",
    Severity.MINOR,
)
OUTSIDE = Text(
    "{n} 个城市对象完全位于园区范围（±{extent:g} m）之外，已略去",
    "{n} city objects lie wholly outside the park's extent of ±{extent:g} m and are left out",
    "需要时增大 park.toml 的 extent_m",
    "Raise extent_m in park.toml if they are wanted",
)
TEXTS = Text(
    "{n} 个对象的坐标写法无法读懂，相应的面已略去",
    "{n} polygons have coordinates that are no numbers; they were left out",
    "在源数据中修正坐标",
    "Mend the coordinates in the source",
    Severity.MAJOR,
)
