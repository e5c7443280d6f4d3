import pytest

from twin.errors import Invalid, NotFound
from twin.state.point import points_from_rows, read_points

HEAD = "point_id,gid,device,kind,unit,min,max,role,name,address\n"


def test_points_are_read_in_order(tmp_path):
    path = tmp_path / "points.csv"
    path.write_text(
        "\ufeff" + HEAD + "b,a1/1,a1/2,co2,ppm,0,5000,,会议室 CO₂,mqtt:park/a1/1/co2\na,a1/1,,door,,,,,,\n", "utf-8"
    )
    first, second = read_points(path)
    assert (first.point_id, first.min, first.max, first.source) == ("b", 0.0, 5000.0, "mqtt:park/a1/1/co2")
    assert first.name == "会议室 CO₂"
    assert (second.min, second.max, second.source) == (None, None, "")


def test_graph_rows_give_the_same_points():
    row = {
        "point_id": "b",
        "gid": "a1/1",
        "device": None,
        "kind": "co2",
        "min": float("nan"),
        "max": 5.0,
        "source": "mqtt:x",
    }
    (point,) = points_from_rows([row])
    assert (point.min, point.max, point.source, point.device) == (None, 5.0, "mqtt:x", "")


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("point_id,gid\na,b\n", "lacks the columns kind"),
        (HEAD + "a,a1/1,,co2,ppm,low,,,,\n", "line 2: min is 'low'"),
        (HEAD + "a,a1/1,,co2,ppm,9,1,,,\n", "min 9.0 is above max 1.0"),
        (HEAD + "a,a1/1,,co2,,,,,,\na,a1/1,,co2,,,,,,\n", "line 3: point id 'a' stands already at"),
        (HEAD + "a,,,co2,,,,,,\n", "gid is empty"),
    ],
)
def test_wrong_files_name_the_line(tmp_path, text, says):
    path = tmp_path / "points.csv"
    path.write_text(text, "utf-8")
    with pytest.raises(Invalid, match=says):
        read_points(path)


def test_a_missing_file_is_named(tmp_path):
    with pytest.raises(NotFound, match=r"points\.csv is missing"):
        read_points(tmp_path / "points.csv")
