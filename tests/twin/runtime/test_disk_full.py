"""A full disk: nothing is acknowledged that is not kept, people see why, and all comes in once there is room again."""

from __future__ import annotations

from collections import Counter

from tests.support.killable import Sender, Server, context, until
from twin.park import Park


def test_a_full_disk_is_told_and_recovered_from(tmp_path):
    park = Park.create(tmp_path / "park")
    with (park.folder / "park.toml").open("a") as settings:
        settings.write("\n[broker]\nack_wait_s = 0.5\n")
    sender, server = Sender(), Server(context(), park.folder)
    try:
        sender.connect(server.door)
        sender.load(50)
        until(lambda: sender.owed == 0 and len(server.ask("samples")) == 50, "the samples before did not come in")
        full = max(file.stat().st_size for file in park.folder.glob("history*")) + 512
        server.ask(full)
        sender.load(500)
        until(lambda: server.ask("status")["history"]["state"] == "failing", "the failure is not seen")
        status = server.ask("status")
        assert status["history"]["detail"], "why it failed is told"
        assert status["updates"]["updates"] >= 100, "the latest values go on"
        assert status["connections"][0]["state"] == "connected"
        server.ask(2**40)
        until(lambda: len(server.ask("samples")) >= 550, "what was held back did not come in")
        rows = Counter(server.ask("samples"))
        assert max(rows.values()) == 1, "kept twice"
        assert sender.acknowledged <= set(rows)
        until(lambda: server.ask("status")["history"]["state"] == "ok", "the recovery is not seen")
        assert server.ask("status")["history"]["failed_rows"] > 0
    finally:
        sender.close()
        server.kill()
