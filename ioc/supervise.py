"""Child processes watched together: started again when they die, ended together, no orphans."""

from __future__ import annotations

import asyncio
import os
import signal
import socket
import sys
import threading
import time
from asyncio.subprocess import PIPE, Process
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass

from ioc.errors import IocError

WRONG_CONFIGURATION = 2
PATIENCE = 5.0
PAUSES = (1.0, 2.0, 5.0, 15.0, 60.0)
SETTLED = 60.0
Tell = Callable[..., None]


class PortInUseError(IocError):
    """Another program listens on a port that is needed."""


@dataclass(frozen=True, slots=True)
class Role:
    """A child process; when a `vital` one dies all end, others are started again.

    It starts once something listens on the port `after`, or 15 s later at the latest. A role
    that is read by the others ends `last`, so that they do not find it broken while they end.
    """

    name: str
    command: tuple[str, ...]
    vital: bool = False
    after: int | None = None
    last: bool = False


def claim_free(host: str, port: int, variable: str) -> None:
    """Raise PortInUseError, naming the setting to change, when something listens there."""
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError as error:
            raise PortInUseError(
                f"port {port} of {host} cannot be used ({error.strerror}): stop the program that "
                f"listens there, or choose another port, for example {variable}={port + 10}",
                code="port_in_use",
                host=host,
                port=port,
                variable=variable,
            ) from error


def run(roles: Sequence[Role], tell: Tell, *, ready: tuple[str, int]) -> int:
    """Run the roles until a signal or the death of a vital one, and give the exit code.

    `tell(event, **params)` hears `ready` (once the address `ready` answers), `died`, `refused`
    and `stopping`. SIGINT, SIGTERM and SIGHUP stop everything within `PATIENCE` seconds, a
    second one at once; a parent killed outright takes its children with it.
    """
    return asyncio.run(_Watch(tell).run(roles, ready))


class _Watch:
    def __init__(self, tell: Tell) -> None:
        self._tell = tell
        self._stop = asyncio.Event()
        self._alive: dict[str, Process] = {}
        self._code = 0

    async def run(self, roles: Sequence[Role], ready: tuple[str, int]) -> int:
        loop = asyncio.get_running_loop()
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            loop.add_signal_handler(number, self._asked_to_stop)
        watched = [asyncio.create_task(self._keep(role)) for role in roles]
        watched.append(asyncio.create_task(self._announce(*ready)))
        await self._stop.wait()
        self._tell("stopping")
        await self._end(roles)
        for task in watched:
            task.cancel()
        await asyncio.gather(*watched, return_exceptions=True)
        return self._code

    def _asked_to_stop(self) -> None:
        if self._stop.is_set():
            self._signal(signal.SIGKILL, list(self._alive))
        self._stop.set()

    async def _keep(self, role: Role) -> None:
        if role.after is not None:
            await _answers("127.0.0.1", role.after, within=15.0)
        failures = 0
        while not self._stop.is_set():
            began = time.monotonic()
            code = await self._once(role)
            if self._stop.is_set():
                return
            first = failures == 0
            failures = 1 if time.monotonic() - began > SETTLED else failures + 1
            if code == WRONG_CONFIGURATION and first:
                # It has said itself what is wrong; trying again would only say it again.
                self._tell("refused", name=role.name)
                return self._give_up(code)
            if role.vital:
                self._tell("ended", name=role.name, code=code)
                return self._give_up(1)
            pause = PAUSES[min(failures, len(PAUSES)) - 1]
            self._tell("died", name=role.name, code=code, seconds=f"{pause:g}")
            with suppress(TimeoutError):
                await asyncio.wait_for(self._stop.wait(), pause)

    async def _once(self, role: Role) -> int:
        # Its own process group: Ctrl-C reaches the parent only, which ends the others in order.
        child = await asyncio.create_subprocess_exec(*role.command, stdin=PIPE, process_group=0)
        self._alive[role.name] = child
        code = await child.wait()
        del self._alive[role.name]
        return code

    async def _announce(self, host: str, port: int) -> None:
        if await _answers(host, port, within=120.0):
            self._tell("ready")

    def _give_up(self, code: int) -> None:
        self._code = code
        self._stop.set()

    async def _end(self, roles: Sequence[Role]) -> None:
        deadline = time.monotonic() + PATIENCE
        await self._terminate([one.name for one in roles if not one.last], deadline)
        await self._terminate([one.name for one in roles if one.last], deadline)

    async def _terminate(self, names: Sequence[str], deadline: float) -> None:
        self._signal(signal.SIGTERM, names)
        while self._alive.keys() & set(names):
            if time.monotonic() > deadline:
                self._signal(signal.SIGKILL, names)
            await asyncio.sleep(0.02)

    def _signal(self, number: signal.Signals, names: Sequence[str]) -> None:
        for name in self._alive.keys() & set(names):
            with suppress(ProcessLookupError):
                os.killpg(self._alive[name].pid, number)


async def _answers(host: str, port: int, *, within: float) -> bool:
    deadline = time.monotonic() + within
    while time.monotonic() < deadline:
        with suppress(OSError):
            _, writer = await asyncio.open_connection(host, port)
            writer.close()
            return True
        await asyncio.sleep(0.1)
    return False


def command(*arguments: str) -> tuple[str, ...]:
    """The command that runs `ioc` with these arguments as a child of this process."""
    return (sys.executable, "-m", "ioc", *arguments, "--child")


def end_with_parent() -> None:
    """End this process when its parent is gone: the pipe the parent holds then closes."""

    def watch() -> None:
        with suppress(OSError):
            while os.read(0, 1024):
                pass
        os.kill(os.getpid(), signal.SIGTERM)
        time.sleep(PATIENCE)
        os._exit(1)

    threading.Thread(target=watch, name="parent", daemon=True).start()
