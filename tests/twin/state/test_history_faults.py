"""A disk that is full while the history is put in order: it is told, nothing is lost, and it goes on when there is room."""

import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[3]
FULL = """
import asyncio, resource, sys
from pathlib import Path
import numpy as np
from twin.errors import Unavailable
from twin.state.history import History
from tests.twin.state.history_support import T0, DAY, samples

COUNT = 300_000

async def total(history):
    query = "SELECT count(*), count(DISTINCT t) FROM sample"
    return await history.read(lambda c: c.execute(query).fetchone())

async def main():
    path = Path(sys.argv[1])
    history = await History.open(path)
    keys = await history.register(["a"])
    random = np.random.default_rng(1)
    times = T0 + random.choice(20 * DAY, COUNT, replace=False)
    await history.append(samples(np.zeros(COUNT), times, random.random(COUNT)), keys)
    await history.read(lambda c: c.execute("CHECKPOINT"))
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (path.stat().st_size + 200_000, hard))
    try:
        await history.seal(T0 + 30 * DAY)
        await history.append(samples(np.zeros(COUNT), times + 1, random.random(COUNT)), keys)
        print("no error")
    except Unavailable as error:
        print(error.code)
    resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
    for _ in range(3):  # the writer opens the file anew where the error was fatal
        try:
            await history.append(samples([0], [T0 + 21 * DAY], [1.0]), keys)
            break
        except Unavailable:
            continue
    print(await total(history) == (COUNT + 1, COUNT + 1))
    while (await history.seal(T0 + 30 * DAY)).more:
        pass
    left = await history.read(lambda c: c.execute("SELECT count(*) FROM fresh").fetchone()[0])
    print(left, await total(history) == (COUNT + 1, COUNT + 1))
    await history.close()

asyncio.run(main())
"""


def test_a_full_disk_while_archiving_loses_nothing(tmp_path):
    result = subprocess.run(
        [sys.executable, "-c", FULL, str(tmp_path / "history.duckdb")],
        check=False,
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=120,
    )
    code, *rest = result.stdout.split()
    assert code in {"history-upkeep", "history-write"}, result.stderr
    assert rest == ["True", "0", "True"], result.stdout + result.stderr
