"""What runs left behind whose process was killed."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

from pipelinekit.records.store import Store
from pipelinekit.workbench.recovery import recover
from tests.repositories import repository

SLOW = "on: push\njobs: {t: {runs-on: x, steps: [{run: 'echo $$ >STARTED; exec sleep 300'}]}}"
RUN = "import pipelinekit as pk; run = pk.start('ci.yml', executor='host'); run.finish_sync()"
STAND = "import os, pipelinekit as pk; pk.start('ci.yml', executor='host'); os._exit(0)"


def there(process: int) -> bool:
    try:
        return "State:\tZ" not in Path(f"/proc/{process}/status").read_text(encoding="utf-8")
    except FileNotFoundError:
        return False


def test_a_command_of_the_host_that_outlived_its_run_is_ended(tmp_path: Path) -> None:
    started = tmp_path / "started"
    repository(tmp_path / "top", SLOW.replace("STARTED", str(started)))
    told = subprocess.Popen([sys.executable, "-c", RUN], cwd=tmp_path / "top")
    deadline = time.monotonic() + 60
    while not (started.exists() and started.read_text().strip()) and time.monotonic() < deadline:
        time.sleep(0.02)
    command = int(started.read_text())
    told.send_signal(signal.SIGKILL)
    told.wait()
    assert there(command)
    store = Store(tmp_path / "top" / ".pipelinekit")
    assert len(recover(store, dict(os.environ))) == 1
    while there(command) and time.monotonic() < deadline:
        time.sleep(0.02)
    assert not there(command)
    assert list((store.path / "work").glob("*")) == []


def test_a_run_that_was_killed_before_its_first_step_leaves_nothing(tmp_path: Path) -> None:
    repository(tmp_path, SLOW)
    subprocess.run([sys.executable, "-c", STAND], cwd=tmp_path, check=True)
    store = Store(tmp_path / ".pipelinekit")
    assert len(list((store.path / "work").glob("*"))) == 1
    assert recover(store, dict(os.environ)) == []
    assert [*(store.path / "work").glob("*"), *store.journals()] == []
