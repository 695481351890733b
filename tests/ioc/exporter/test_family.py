"""The processes of a drawing: whoever became their parent, all are ended and buried."""

from __future__ import annotations

import subprocess
import sys

ORPHANS = """
import os, subprocess, time
from pathlib import Path
from ioc.exporter.family import Family, adopt

def children():
    found = 0
    for one in Path("/proc").glob("[0-9]*/stat"):
        try:
            found += int(one.read_text().rsplit(")", 1)[1].split()[1]) == os.getpid()
        except OSError:
            pass  # others come and go beside this test
    return found

adopt()
token = f"orphans-{os.getpid()}"  # a test beside this one must not end its processes
# One orphan that is dead already, one that lives, two with sessions of their own as crash
# handlers have, of which one dies after it was seen; and a child of a parent that lives.
script = (
    "(sleep 0.1 &) ; (sleep 60 &) ; (setsid sleep 60 &) ; (setsid sleep 0.8 &) ; sleep 60"
)
child = subprocess.Popen(
    ["sh", "-c", script], start_new_session=True, env={**os.environ, "IOC_DRAWING": token}
)
family = Family(child.pid, token)
while children() < 5:
    time.sleep(0.01)
family.members()
time.sleep(1)
gone_first = os.environ["GONE_FIRST"] == "1"
if gone_first:
    child.kill()
    child.wait()
left = family.end()
child.wait()
print(sorted(left), children())
"""


def test_orphans_of_a_killed_child_are_buried() -> None:
    for gone_first in ("0", "1"):
        made = subprocess.run(
            [sys.executable, "-c", ORPHANS],
            capture_output=True,
            text=True,
            timeout=60,
            env={"GONE_FIRST": gone_first, "PATH": "/usr/bin:/bin"},
            check=False,
        )
        assert (made.stdout.strip(), made.stderr) == ("[] 0", "")


LATE = """
import os, subprocess, sys, time
from ioc.exporter.family import Family

# What is dead and has a parent outside, which buries it late, as a dying process with threads
# keeps its children until its last thread has ended.
token = f"late-{os.getpid()}"
keeper = subprocess.Popen(
    [sys.executable, "-c",
     "import os, subprocess, sys, time\\n"
     "own = {**os.environ, 'IOC_DRAWING': sys.argv[1]}\\n"
     "one = subprocess.Popen(['sleep', '60'], env=own)\\n"
     "print(one.pid, flush=True)\\n"
     "os.waitid(os.P_PID, one.pid, os.WEXITED | os.WNOWAIT)\\n"
     "time.sleep(0.5)\\n"
     "one.wait()",
     token],
    stdout=subprocess.PIPE, text=True,
)
kept = int(keeper.stdout.readline())
child = subprocess.Popen(["sleep", "60"], start_new_session=True)
family = Family(child.pid, token)
while kept not in family.members():
    time.sleep(0.01)
left = family.end()
print(sorted(left), os.path.exists(f"/proc/{kept}"))
child.wait(), keeper.wait()
"""


def test_the_dead_are_waited_for_until_they_are_gone() -> None:
    made = subprocess.run(
        [sys.executable, "-c", LATE],
        capture_output=True,
        text=True,
        timeout=60,
        env={"PATH": "/usr/bin:/bin"},
        check=False,
    )
    assert (made.stdout.strip(), made.stderr) == ("[] False", "")
