"""What each page of the application makes a browser fetch before it can show itself."""

from __future__ import annotations

import gzip
import re
import shutil
import subprocess
from pathlib import Path

import pytest

from tests.browser.conftest import ROOT
from tests.support import weight

pytestmark = pytest.mark.slow
PAGES = {
    "brain": ("brain-screen",),
    "planning": ("planning-screen",),
    "compare": ("compare-screen",),
    "the review's list": ("review-screen", "submissions-page"),
    "the review's desk": ("review-screen", "review-desk"),
    "order": ("order-desk",),
    "georeference": ("georef-screen",),
    "admin": ("admin-screen", "layers-page"),
    "login": ("login-screen",),
}
WORDS = ("zh-", "zh_CN-")
BUDGET = 350_000
WITH_TABLE = 420_000
"""A page that is a table, of antd's: nothing of it could come later."""
WITH_VIEWER = 580_000
"""A page with a stage and the viewer together: all that stands before the first tile, but the decoder."""
STAGES = ("brain", "planning", "compare", "the review's desk", "order", "georeference")


@pytest.fixture(scope="module")
def assets(tmp_path_factory: pytest.TempPathFactory) -> Path:
    npx = shutil.which("npx")
    if npx is None or not (ROOT / "web/node_modules").is_dir():
        pytest.skip("web/node_modules is not installed: run `npm ci` in web/")
    out = tmp_path_factory.mktemp("application")
    command = [npx, "vite", "build", "--logLevel", "error", "--outDir", str(out)]
    subprocess.run(command, cwd=ROOT / "web", check=True, capture_output=True)
    return out / "assets"


def chunk(assets: Path, start: str) -> str:
    found = [
        path.name for path in assets.glob("*.js") if re.fullmatch(rf"{re.escape(start)}-?[\w-]{{8}}\.js", path.name)
    ]
    assert len(found) == 1, f"{start}: expected one file of its own, found {found}"
    return found[0]


def entries(assets: Path) -> list[str]:
    page = (assets.parent / "index.html").read_text(encoding="utf-8")
    found = re.findall(r'<script type="module"[^>]*src="/assets/([\w.-]+)"', page)
    assert found
    return found


def of(assets: Path, *chunks: str) -> dict[str, int]:
    words = [chunk(assets, name) for name in WORDS]
    return weight.initial(assets, *entries(assets), *words, *(chunk(assets, name) for name in chunks))


@pytest.mark.parametrize("page", PAGES)
def test_a_page_is_light(assets: Path, page: str) -> None:
    """With the words of one language; dialogs, panels, cards and the viewer come beside and after it."""
    seen = of(assets, *PAGES[page])
    heaviest = sorted(seen.items(), key=lambda one: -one[1])[:8]
    budget = WITH_TABLE if page in {"the review's list", "admin"} else BUDGET
    assert sum(seen.values()) < budget, (
        f"{page}: {sum(seen.values()):,} bytes gzipped, expected under {budget:,}: {heaviest}"
    )


@pytest.mark.parametrize("page", STAGES)
def test_a_page_with_its_viewer_is_light(assets: Path, page: str) -> None:
    viewer = [path.name for path in assets.glob("viewer-*.js")]
    assert any("createViewer" in (assets / name).read_text(encoding="utf-8") for name in viewer)
    alone = of(assets, *PAGES[page])
    assert not set(viewer) & set(alone), "something imports the viewer statically"
    seen = weight.initial(assets, *alone, *viewer)
    assert sum(seen.values()) < WITH_VIEWER, f"{sum(seen.values()):,} bytes gzipped, expected under {WITH_VIEWER:,}"
    # Files that lie side by side are asked for one by one, six at a time.
    assert len(weight.initial(assets, *entries(assets))) <= 3
    assert len(set(seen) - set(alone)) <= 3


def test_every_text_lies_compressed_beside_itself(assets: Path) -> None:
    large = [path for kind in ("js", "css") for path in assets.glob(f"*.{kind}") if path.stat().st_size >= 1400]
    assert len(large) > 50
    for path in large:
        packed = path.with_name(f"{path.name}.gz")
        assert packed.is_file(), f"{path.name} travels as it is"
        assert gzip.decompress(packed.read_bytes()) == path.read_bytes()


def test_a_page_has_the_words_of_one_language(assets: Path) -> None:
    assert not [name for name in of(assets, *PAGES["brain"]) if name.startswith(("en-", "en_US-"))]
