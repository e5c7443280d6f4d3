"""The page of devices: fifty thousand of them, one's card, credentials, import with a dry run."""

from __future__ import annotations

import subprocess
import sys

import httpx
import pytest

from tests.browser.conftest import ROOT
from tests.support.browser import sign_in
from twin.devices.sheet import HEADINGS

pytestmark = pytest.mark.slow
MANY = 50_000


def cli(*arguments):
    command = [sys.executable, "-m", "server.cli", *map(str, arguments)]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False, timeout=240)
    assert done.returncode == 0, done.stderr


@pytest.fixture(scope="module")
def full(tmp_path_factory):
    """(address, cookies, csrf) of a park with many devices and no models, served."""
    folder = tmp_path_factory.mktemp("devices") / "park"
    cli("new", folder, "--origin", "114.4,30.48,22", "--crs", "EPSG:4547")
    rows = (f"d{n:05d},温度计 {n},sensor,M{n % 7},2024-01-01,{30 + n % 400}\n" for n in range(MANY))
    (folder / "list.csv").write_text(
        "id,name,kind,model,installed,maintain_every_days\n" + "".join(rows), encoding="utf-8"
    )
    cli("devices", "import", folder, folder / "list.csv", "--json")
    command = [sys.executable, "-u", "-m", "server.cli", "serve", str(folder), "--port", "0"]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True) as process:
        password = url = ""
        for line in process.stdout or ():
            password = line.split("with the password")[1].split()[0] if "with the password" in line else password
            if "serving at" in line:
                url = line.split("serving at")[1].split()[0]
                break
        assert url
        assert password
        yield url, password
        process.terminate()
        process.stdout.read()
        process.wait(30)


@pytest.fixture
def page(browser, full):
    url, password = full
    context = browser.new_context(viewport={"width": 1440, "height": 900}, reduced_motion="reduce")
    sign_in(context, url, "admin", password)
    page = context.new_page()
    faults = []
    page.on("pageerror", lambda error: faults.append(str(error)))
    page.goto(f"{url}/devices")
    page.get_by_text("50000 台设备").wait_for()
    yield page
    context.close()
    assert faults == []


def test_fifty_thousand_rows_by_keyboard_search_and_filter(page):
    rows = page.get_by_role("rowgroup", name="设备列表")
    rows.get_by_text("d00000", exact=True).wait_for()
    assert rows.get_by_role("row").count() < 80
    rows.focus()
    page.keyboard.press("End")
    rows.get_by_text("d49999", exact=True).wait_for()
    page.keyboard.press("Enter")
    card = page.get_by_role("complementary", name="设备详情")
    card.get_by_role("heading", name="温度计 49999").wait_for()
    assert page.url.endswith("/devices/d49999")
    page.get_by_role("searchbox", name="搜索编号").fill("温度计 123")
    page.get_by_text("111 台设备").wait_for()
    page.get_by_role("columnheader", name="型号").click()
    rows.get_by_text("M0").first.wait_for()
    page.get_by_role("button", name="清除筛选").click()
    page.get_by_text("50000 台设备").wait_for()
    page.get_by_role("button", name="在线 0").click()
    page.get_by_text("没有符合条件的设备").wait_for()


def test_a_credential_is_shown_once_and_what_was_done_stands_in_the_history(page):
    page.goto(page.url + "/d00007")
    card = page.get_by_role("complementary", name="设备详情")
    card.get_by_text("还没有凭据", exact=False).wait_for()
    card.get_by_role("listitem").filter(has_text="HTTP 推送令牌").get_by_role("button", name="签发").click()
    dialog = page.get_by_role("dialog")
    secret = dialog.get_by_role("textbox", name="密钥").input_value()
    assert secret.startswith("ptd_")
    dialog.get_by_role("button", name="知道了").click()
    dialog.wait_for(state="detached")
    card.get_by_text("签发凭据", exact=False).wait_for()
    assert secret not in page.content()
    card.get_by_role("button", name="编辑").click()
    page.get_by_role("dialog").get_by_label("固件版本").fill("2.1")
    page.get_by_role("dialog").get_by_role("button", name="保存").click()
    card.get_by_text("firmware: 2.1", exact=False).wait_for()
    assert card.get_by_role("button", name="在园区中查看").is_disabled()


def test_a_list_is_checked_row_by_row_before_it_is_imported(page, tmp_path):
    bad, good = tmp_path / "bad.csv", tmp_path / "good.csv"
    bad.write_text("id,name\nnew-1,a\nnew/2,b\n", encoding="utf-8")
    good.write_text("id,name\nnew-1,a\nd00000,renamed\n", encoding="utf-8")
    page.get_by_role("button", name="批量导入").click()
    dialog = page.get_by_role("dialog")
    with page.expect_file_chooser() as chooser:
        dialog.get_by_role("button", name="选择 CSV 或 XLSX 文件").click()
    chooser.value.set_files(bad)
    dialog.get_by_text("不合格 1 · 新增 1", exact=False).wait_for()
    dialog.get_by_role("row", name="new/2").get_by_text("不合格").wait_for()
    assert dialog.get_by_role("button", name="导入 1 行").is_disabled()
    with page.expect_file_chooser() as chooser:
        dialog.get_by_role("button", name="选择 CSV 或 XLSX 文件").click()
    chooser.value.set_files(good)
    dialog.get_by_text("不合格 0 · 新增 1 · 修改 1", exact=False).wait_for()
    dialog.get_by_text("name: 温度计 0 → renamed", exact=False).wait_for()
    dialog.get_by_role("button", name="导入 2 行").click()
    page.get_by_text("50001 台设备").wait_for()
    with page.expect_download() as download:
        page.get_by_role("button", name="导出").hover()
        page.get_by_role("menuitem", name="CSV").click()
    assert download.value.path().read_text(encoding="utf-8-sig").splitlines()[0] == ",".join(HEADINGS)
    assert httpx.get(page.url.split("/devices")[0] + "/api/v1/devices", trust_env=False).status_code == 401
