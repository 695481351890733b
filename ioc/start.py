"""The start of one machine: ports, home and database, then its processes and what is said."""

from __future__ import annotations

from sqlalchemy.exc import SQLAlchemyError

from ioc import home, supervise
from ioc.domain.messages import say
from ioc.errors import SettingsError, StoreError
from ioc.settings import Settings
from ioc.store.engine import open_engine
from ioc.store.migration import migrate
from ioc.supervise import Role, claim_free, command


def serve(settings: Settings) -> int:
    """Run web, poller and, if wanted, the demonstration until told to stop; give the exit code.

    Raises PortInUseError, SettingsError or StoreError before any process was started.
    """
    claim_free(settings.host, settings.port, "IOC_PORT")
    if settings.demo:
        claim_free("127.0.0.1", settings.demo_port, "IOC_DEMO_PORT")
    _say(settings, "starting")
    _prepare(settings)
    return supervise.run(
        roles(settings),
        lambda event, **params: _tell(settings, event, **params),
        ready=(settings.host, settings.port),
    )


def roles(settings: Settings) -> list[Role]:
    """The processes of one machine; the poller waits for the demonstration it reads."""
    demo = [Role("demo-sources", command("demo-sources"), last=True)] if settings.demo else []
    after = settings.demo_port if settings.demo else None
    exporter = [Role("exporter", command("exporter"))] if settings.export_workers else []
    return [
        *demo,
        Role("web", command("web"), vital=True),
        Role("poll", command("poll"), after=after),
        *exporter,
    ]


def _prepare(settings: Settings) -> None:
    """Fill an empty home and bring the database up to date before two processes want to."""
    try:
        if home.is_empty(settings.home):
            added = home.fill(settings.home, demo=settings.demo)
            _say(settings, "filled", count=len(added), home=settings.home)
    except OSError as error:
        raise SettingsError(
            file="environment",
            field="IOC_HOME",
            given=str(settings.home),
            allowed=f"a folder that can be written ({error.strerror})",
        ) from error
    engine = open_engine(settings.database_url)
    try:
        migrate(engine)
    except SQLAlchemyError as error:
        reason = str(error.__cause__ or error).splitlines()[0]
        raise StoreError(f"{settings.shown_database}: {reason}", code="unreachable") from error
    finally:
        engine.dispose()


def _tell(settings: Settings, event: str, **params: object) -> None:
    if event != "ready":
        _say(settings, event, **params)
        return
    sources = [file.stem for file in home.source_files(settings.home)]
    _say(settings, "address", address=settings.address)
    _say(settings, "polling", count=len(sources), names=", ".join(sources) or "–")
    if settings.demo:
        _say(settings, "demo", port=settings.demo_port)
    _say(settings, "data", home=settings.home, database=settings.shown_database)
    _say(settings, "stop")


def _say(settings: Settings, key: str, **params: object) -> None:
    print(say(settings.language, f"serve.{key}", **params), flush=True)
