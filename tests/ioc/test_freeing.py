"""Free memory really leaves the process."""

from __future__ import annotations

import platform
import subprocess
import sys

import pytest

from ioc.freeing import give_back

# Pieces smaller than what is mapped one by one; some stay, so that the heap's end cannot shrink.
SCRIPT = """
import threading
from pathlib import Path
from ioc.freeing import give_back

def resident():
    return int(Path("/proc/self/statm").read_text().split()[1]) * 4096 / 1e6

def work():
    pieces = [bytes(2000) for _ in range(100_000)]
    kept.extend(pieces[::1000])

kept = []
thread = threading.Thread(target=work)
thread.start()
thread.join()
before = resident()
assert give_back()
print(before, resident())
"""


@pytest.mark.skipif(platform.libc_ver()[0] != "glibc", reason="only glibc keeps it and can be told")
def test_what_a_thread_of_the_past_needed_is_given_back() -> None:
    done = subprocess.run(
        [sys.executable, "-c", SCRIPT], capture_output=True, text=True, check=True, timeout=60
    )
    before, after = map(float, done.stdout.split())
    assert before > 150
    assert before - after > 100


def test_another_c_library_is_left_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("ctypes.CDLL", lambda _: object())
    assert give_back() is False
