from __future__ import annotations

from server.http.metrics import Metrics
from tests.server.conftest import API, Served


def test_probes(served: Served) -> None:
    assert served.client.get("/healthz").json() == {"status": "ok"}
    assert served.client.get("/readyz").json()["status"] == "ready"


def test_metrics_count_by_route_template(served: Served) -> None:
    client = served.sign_in()
    for index in range(3):
        client.get(f"{API}/objects/by-state/{index}")
    text = served.client.get("/metrics").text
    line = f'parktwin_requests_total{{method="GET",route="{API}/objects/by-state/{{index}}",status="200"}} 3'
    assert line in text
    assert "parktwin_scene_revision 1" in text
    assert f'route="{API}/session"' in text


def test_metrics_can_be_closed(start) -> None:
    served = start(settings={"metrics_token": "collector"})
    assert served.client.get("/metrics").status_code == 401
    assert served.client.get("/metrics", headers={"Authorization": "Bearer collector"}).status_code == 200


def test_exposition_format() -> None:
    metrics = Metrics()
    for seconds in (0.001, 0.3, 60.0):
        metrics.observe("GET", '/a"b', 200, seconds)
    text = metrics.text({"x": ("Help.", 1.5)})
    assert 'parktwin_request_seconds_bucket{route="/a\\"b",le="0.005"} 1' in text
    assert 'parktwin_request_seconds_bucket{route="/a\\"b",le="0.5"} 2' in text
    assert 'parktwin_request_seconds_bucket{route="/a\\"b",le="+Inf"} 3' in text
    assert 'parktwin_request_seconds_count{route="/a\\"b"} 3' in text
    assert text.endswith("x 1.5\n")


def test_request_id_is_made_or_kept(served: Served) -> None:
    assert len(served.client.get("/healthz").headers["x-request-id"]) == 16
    kept = served.client.get("/healthz", headers={"X-Request-ID": "proxy-12345"})
    assert kept.headers["x-request-id"] == "proxy-12345"
    odd = served.client.get("/healthz", headers={"X-Request-ID": "a b\tc<script>"})
    assert odd.headers["x-request-id"] != "a b\tc<script>"
