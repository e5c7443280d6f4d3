"""The review desk, for real: a model with known faults is uploaded and every fault is found and lit."""

from __future__ import annotations

import json
from urllib.parse import quote

import pytest

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def submission(signed_in, served):
    """The sample model handed in through the interface, reviewed."""
    session = signed_in.request.get(f"{served.url}/api/v1/session").json()
    model = served.folder / "samples" / "review-sample.ifc"
    answer = signed_in.request.post(
        f"{served.url}/api/v1/submissions",
        headers={"X-CSRF-Token": session["csrf"]},
        multipart={"file": {"name": model.name, "mimeType": "application/x-step", "buffer": model.read_bytes()}},
    )
    assert answer.status == 202, answer.text()
    made = answer.json()
    page = signed_in.new_page()
    page.goto(f"{served.url}/healthz")
    # Polled inside the browser, so that no clock of this process is involved.
    state = page.evaluate(
        """async (job) => {
            for (;;) {
                const row = await (await fetch(`/api/v1/jobs/${job}`)).json()
                if (!['queued', 'running'].includes(row.state)) return row
                await new Promise((done) => setTimeout(done, 250))
            }
        }""",
        made["job"],
    )
    page.close()
    assert state["state"] == "done", state
    return made["submission"]


def test_every_planted_fault_is_found(screen, submission):
    planted = json.loads((screen.served.folder / "samples" / "review-sample.faults.json").read_text(encoding="utf-8"))
    found: dict[str, set[str]] = {}
    for item in screen.api(f"/submissions/{submission}/findings")["items"]:
        found.setdefault(item["rule"], set()).update(gid.partition("/")[2].partition("~")[0] for gid in item["gids"])
    for fault in planted["faults"]:
        assert set(fault["global_ids"]) <= found.get(fault["rule"], set()), fault["rule"]


def test_findings_stay_out_of_the_park(screen, submission):
    scene = screen.page.context.request.get(f"{screen.served.url}/tiles/scene.json").json()
    assert not any(layer["group"] == "submission" for layer in scene["layers"])
    assert screen.api(f"/submissions/{submission}")["scene_layer"]["count"] > 500


def test_the_report_is_there_in_both_forms(screen, submission):
    import pypdfium2

    request = screen.page.context.request
    html = request.get(f"{screen.served.url}/api/v1/submissions/{submission}/report.html")
    assert "BIM 模型审查报告" in html.text()
    pdf = request.get(f"{screen.served.url}/api/v1/submissions/{submission}/report.pdf")
    document = pypdfium2.PdfDocument(pdf.body())
    text = "".join(page.get_textpage().get_text_range() for page in document)
    assert "疏散楼梯净宽" in text
    document.close()


def test_a_chosen_finding_lights_its_element(screen, submission):
    finding = next(
        item for item in screen.api(f"/submissions/{submission}/findings")["items"] if item["rule"] == "stair-width"
    )
    screen.open(f"/review/{submission}?finding={finding['id']}")
    state = finding["states"][0]
    screen.page.wait_for_function("(s) => window.__parktwin.viewer.state.colorOf(s) !== null", arg=state)
    screen.page.get_by_text("1.00 m", exact=False).first.wait_for()
    # Its elements are told by name, and one opens its card.
    gid = finding["gids"][0]
    (item,) = screen.api(f"/objects/items?gid={quote(gid)}")
    assert item["name"] != gid
    element = screen.page.locator(f'li > button[title="{gid}"]')
    element.get_by_text(item["name"], exact=True).wait_for()
    element.click()
    screen.page.get_by_role("heading", name=item["name"]).first.wait_for()
