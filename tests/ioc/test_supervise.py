"""Child processes: told of, started again, ended together, never left behind."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import textwrap
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from ioc.supervise import PortInUseError, claim_free

ROOT = Path(__file__).parent.parent.parent
LISTEN = "import socket, time; s = socket.create_server(('127.0.0.1', {port})); time.sleep(60)"
SLEEP = "import time; time.sleep(60)"
DEAF = "import signal, time; signal.signal(15, signal.SIG_IGN); print('deaf', flush=True); "
DEAF += "time.sleep(60)"
AS_CHILD = "from ioc.supervise import end_with_parent; end_with_parent(); import time, os; "
AS_CHILD += "print('pid', os.getpid(), flush=True); time.sleep(60)"


@pytest.fixture
def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as probe:
        port: int = probe.getsockname()[1]
        return port


class Watched:
    """A program that supervises roles given as Python texts and prints what it is told."""

    def __init__(self, roles: str, port: int, patience: float = 5.0) -> None:
        text = f"""
            import sys
            from ioc import supervise
            from ioc.supervise import Role
            supervise.PATIENCE = {patience}
            supervise.PAUSES = (0.2, 0.4)
            def py(text):
                return (sys.executable, "-c", text)
            def tell(event, **params):
                print(event, *params.values(), flush=True)
            sys.exit(supervise.run([{roles}], tell, ready=("127.0.0.1", {port})))
        """
        self.lines: list[str] = []
        self.process = subprocess.Popen(
            [sys.executable, "-c", textwrap.dedent(text)],
            cwd=ROOT,
            stdout=subprocess.PIPE,
            text=True,
        )

    def until(self, wanted: str) -> str:
        assert self.process.stdout is not None
        for line in self.process.stdout:
            self.lines.append(line.strip())
            if line.startswith(wanted):
                return line.strip()
        raise AssertionError(f"{wanted!r} was not said, but: {self.lines}")

    def end(self, number: signal.Signals = signal.SIGTERM) -> tuple[int, float]:
        """Send a signal; give the exit code and the seconds it took."""
        began = time.monotonic()
        self.process.send_signal(number)
        assert self.process.stdout is not None
        self.lines += [line.strip() for line in self.process.stdout]
        return self.process.wait(20), time.monotonic() - began


Watch = Callable[..., Watched]


@pytest.fixture
def watch() -> Watch:
    started: list[Watched] = []

    def start(*given: object, **more: float) -> Watched:
        started.append(Watched(*given, **more))  # type: ignore[arg-type]
        return started[-1]

    yield start
    for one in started:
        one.process.kill()
        one.process.wait()
        assert one.process.stdout is not None
        one.process.stdout.close()


def gone(pid: int, within: float = 5.0) -> bool:
    deadline = time.monotonic() + within
    while time.monotonic() < deadline:
        try:
            os.kill(pid, 0)
            state = Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()[0]
        except (OSError, IndexError):
            return True
        if state == "Z":
            return True
        time.sleep(0.05)
    return False


def role(name: str, text: str, more: str = "") -> str:
    return f"Role({name!r}, py({text!r}){more})"


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_a_signal_ends_all_children_cleanly(
    watch: Watch, free_port: int, number: signal.Signals
) -> None:
    pid = "import os; print('pid', os.getpid(), flush=True); "
    one = watch(
        role("web", LISTEN.format(port=free_port), ", vital=True")
        + ", "
        + role("poll", pid + SLEEP, f", after={free_port}"),
        free_port,
    )
    child = int(one.until("pid").split()[1])
    if "ready" not in one.lines:
        one.until("ready")
    code, seconds = one.end(number)
    assert (code, one.lines[-1]) == (0, "stopping")
    assert seconds < 3
    assert gone(child)


def test_a_child_that_dies_is_said_and_started_again_after_growing_pauses(
    watch: Watch, free_port: int
) -> None:
    one = watch(role("poll", "import sys; sys.exit(7)"), free_port)
    assert one.until("died") == "died poll 7 0.2"
    assert one.until("died") == "died poll 7 0.4"
    assert one.until("died") == "died poll 7 0.4"
    assert one.end()[0] == 0


def test_the_death_of_a_vital_child_ends_all(watch: Watch, free_port: int) -> None:
    one = watch(
        role("web", "import sys; sys.exit(3)", ", vital=True") + ", " + role("poll", SLEEP),
        free_port,
    )
    assert one.until("ended") == "ended web 3"
    assert one.process.wait(10) == 1


def test_a_wrong_configuration_is_not_tried_again(watch: Watch, free_port: int) -> None:
    one = watch(role("poll", "import sys; sys.exit(2)") + ", " + role("web", SLEEP), free_port)
    assert one.until("refused") == "refused poll"
    assert one.process.wait(10) == 2


def test_a_child_that_does_not_listen_to_the_signal_is_killed(watch: Watch, free_port: int) -> None:
    one = watch(role("poll", DEAF), free_port, patience=0.5)
    one.until("deaf")
    code, seconds = one.end()
    assert code == 0
    assert 0.4 < seconds < 3


def test_a_role_that_others_read_ends_after_them(watch: Watch, free_port: int) -> None:
    # One write a line: both write to the same pipe, and parts of lines would mix.
    slow = "import os, signal, sys, time\n"
    slow += "def end(*_): time.sleep(0.3); os.write(1, NAME + b' ended\\n'); sys.exit(0)\n"
    slow += "signal.signal(15, end); os.write(1, NAME + b' up\\n'); time.sleep(60)\n"
    roles = [
        role("demo", slow.replace("NAME", "b'demo'"), ", last=True"),
        role("poll", slow.replace("NAME", "b'poll'")),
    ]
    one = watch(", ".join(roles), free_port)
    while {"demo up", "poll up"} - set(one.lines):
        one.until("")
    assert one.end()[0] == 0
    assert one.lines[-3:] == ["stopping", "poll ended", "demo ended"]


def test_no_child_outlives_a_parent_that_was_killed(watch: Watch, free_port: int) -> None:
    one = watch(role("poll", AS_CHILD), free_port)
    child = int(one.until("pid").split()[1])
    one.process.kill()
    assert gone(child)


def test_a_port_in_use_is_said_with_the_way_out() -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        with pytest.raises(PortInUseError) as caught:
            claim_free("127.0.0.1", port, "IOC_PORT")
    assert f"port {port} of 127.0.0.1 cannot be used (Address already in use)" in str(caught.value)
    assert f"IOC_PORT={port + 10}" in str(caught.value)


def test_a_free_port_is_free(free_port: int) -> None:
    claim_free("127.0.0.1", free_port, "IOC_PORT")
