from __future__ import annotations

import pytest

from bim.order.storey_names import storey_number


@pytest.mark.parametrize(
    ("name", "number"),
    [
        ("1F", 1), ("F3", 3), ("3F 办公", 3), ("B1", -1), ("B2F", -2), ("-1F", -1), ("地下一层", -1), ("负二层", -2), ("地下2层", -2),
        ("一层", 1), ("第十二层", 12), ("二十层平面", 20), ("二十一层", 21), ("10层", 10), ("Level 3", 3), ("Floor 2", 2), ("L5", 5), ("2.OG", 2),
        ("1. UG", -1), ("3rd floor", 3), ("Basement 1", -1), ("2 階", 2), ("4", 4), ("-1", -1),
        ("屋面", None), ("夹层", None), ("Roof", None), ("Level 2 mezzanine", None), ("T.O. Footing", None), ("", None), (None, None), ("EG", None), ("Erdgeschoss", None),
        ("Building A", None), ("+3.600", None), ("Block 12 upper", None),
    ],
)  # fmt: skip
def test_the_number_in_a_name(name, number):
    assert storey_number(name) == number
