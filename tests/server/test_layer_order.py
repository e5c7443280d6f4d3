"""The order of a published layer: findings with the states of their objects, and the report to print."""

from __future__ import annotations

from dataclasses import replace

import pytest

from scenes.reports.typeset import FONTS
from server.models.graph import OrderShape
from tests.server.conftest import API, Served, Start
from tests.support.layers import make_version
from twin.finding import Finding, Severity
from twin.graph.layerfile import MANIFEST, version_folder
from twin.park import Park

FOUND = Finding("ifc-duplicate", Severity.MAJOR, "重合", "copies", ids=("s0-w0", "s1-w0", "t1"), value=3.0, limit=0.0)


@pytest.fixture
def served(park: Park, start: Start) -> Served:
    made = make_version(park, "a1", "v3")
    changed = replace(made, findings=[FOUND.as_dict()])
    (version_folder(park, "a1", "v3") / MANIFEST).write_text(changed.to_json(), encoding="utf-8")
    running = start()
    running.services.publisher.publish("a1", "v3")
    return running


def test_findings_name_the_states_of_their_objects(served: Served) -> None:
    client = served.sign_in()
    answer = client.get(f"{API}/layers/a1/findings")
    body = OrderShape.model_validate_json(answer.content)
    (item,) = body.items
    cards = [client.get(f"{API}/objects/card", params={"gid": gid}).json() for gid in ("a1/s0-w0", "a1/s1-w0")]
    assert (item.gids, item.states) == (["a1/s0-w0", "a1/s1-w0"], [card["state"] for card in cards])
    assert [element.state for element in item.elements] == [*item.states, None]  # a type is lit nowhere
    assert item.box is not None
    assert item.at is not None
    assert all(
        item.box[axis] <= cards[1]["box"][axis] and item.box[axis + 3] >= cards[1]["box"][axis + 3] for axis in range(3)
    )
    assert body.counts["open"]["major"] == 1
    assert (body.layer, body.version) == ("a1", "v3")


def test_the_report_is_a_page_that_may_do_nothing(served: Served) -> None:
    answer = served.sign_in().get(f"{API}/layers/a1/order.html")
    assert answer.status_code == 200
    assert "重合" in answer.text
    assert "sandbox" in answer.headers["content-security-policy"]


def test_the_report_as_pdf_comes_from_a_process_of_its_own(served: Served) -> None:
    if not any(FONTS.glob("*.ttf")):
        pytest.skip("the report fonts are not set up")
    answer = served.sign_in().get(f"{API}/layers/a1/order.pdf")
    assert answer.headers["content-type"] == "application/pdf"
    assert answer.content.startswith(b"%PDF")


@pytest.mark.parametrize("what", ["findings", "order.html", "order.pdf"])
def test_an_unknown_layer_and_a_stranger_are_refused(served: Served, what: str) -> None:
    assert served.sign_in().get(f"{API}/layers/nope/{what}").status_code == 404
    assert served.client.get(f"{API}/layers/a1/{what}").status_code == 401


def test_models_under_review_are_for_reviewers(served: Served) -> None:
    viewer = served.user("viewer")
    assert viewer.get(f"{API}/layers/submission-abc/findings").status_code == 403
