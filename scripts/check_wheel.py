"""Install the wheel into an empty environment, examine it, and fetch one page from it."""

from __future__ import annotations

import os
import re
import signal
import socket
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
import venv
from pathlib import Path

ROOT = Path(__file__).parent.parent
PATIENCE = 60.0


def main() -> int:
    """Check `dist/*.whl`; give 0 when a stranger could use it."""
    wheels = list((ROOT / "dist").glob("*.whl"))
    if len(wheels) != 1:
        print(f"dist: found {len(wheels)} wheels, expected one: run make wheel", file=sys.stderr)
        return 1
    with tempfile.TemporaryDirectory(prefix="ioc-wheel-") as folder:
        place = Path(folder)
        venv.create(place / "env", with_pip=True)
        ioc = install(place / "env", wheels[0])
        # Not from the checkout: what the wheel lacks must not be found beside it.
        subprocess.run([ioc, "doctor"], cwd=place, env=settings(place), check=True)
        return serve(ioc, place)


def install(environment: Path, wheel: Path) -> Path:
    """Install the locked dependencies and the wheel; give its command."""
    pip = [str(environment / "bin" / "python"), "-m", "pip", "install", "--quiet"]
    lock = str(ROOT / "requirements.lock")
    subprocess.run([*pip, "--require-hashes", "-r", lock], check=True)
    subprocess.run([*pip, "--no-deps", str(wheel)], check=True)
    return environment / "bin" / "ioc"


def settings(place: Path) -> dict[str, str]:
    """An environment with a home of its own and two free ports."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("IOC_")}
    kept.pop("PYTHONPATH", None)
    port, demo_port = free_ports(2)
    return kept | {
        "IOC_HOME": str(place / "home"),
        "IOC_PORT": str(port),
        "IOC_DEMO_PORT": str(demo_port),
        "IOC_LANGUAGE": "en",
    }


def free_ports(count: int) -> list[int]:
    """Ports nobody listens on at this moment."""
    sockets = [socket.create_server(("127.0.0.1", 0)) for _ in range(count)]
    ports = [one.getsockname()[1] for one in sockets]
    for one in sockets:
        one.close()
    return ports


def serve(ioc: Path, place: Path) -> int:
    """Serve, fetch the first page, end with Ctrl-C's signal; 0 when all of it went well."""
    environment = settings(place)
    address = f"http://127.0.0.1:{environment['IOC_PORT']}/"
    server = subprocess.Popen([ioc, "serve"], cwd=place, env=environment)
    try:
        page = fetch(address, server)
        files = sorted(set(re.findall(rb'(?:href|src)="(/[^"]*assets/[^"]+)"', page)))
        sizes = [len(fetch(address.rstrip("/") + file.decode(), server)) for file in files]
    finally:
        server.send_signal(signal.SIGINT)
        code = server.wait(PATIENCE)
    print(f"{address}: {len(page)} bytes and {len(sizes)} assets, ended with {code}")
    return code if b"<html" in page.lower() and sizes and all(sizes) else 1


def fetch(address: str, server: subprocess.Popen[bytes]) -> bytes:
    """The page, once the server answers."""
    deadline = time.monotonic() + PATIENCE
    while True:
        try:
            with urllib.request.urlopen(address, timeout=10) as answer:
                content: bytes = answer.read()
                return content
        except urllib.error.HTTPError:
            raise
        except OSError:
            if server.poll() is not None or time.monotonic() > deadline:
                raise
            time.sleep(0.2)


if __name__ == "__main__":
    sys.exit(main())
