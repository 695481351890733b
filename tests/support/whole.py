"""A whole run in a line: the file of a source, a real store, its connector, and what it left."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from sqlalchemy import Engine, select

from ioc.domain.catalogue import Catalogue
from ioc.domain.units import Units
from ioc.ingest.intake import Intake
from ioc.ingest.reach import client_for
from ioc.ingest.run import poll
from ioc.ingest.scheduler import connectors
from ioc.ingest.source import read_source
from ioc.store import payloads, rejections, runs, source_state
from ioc.store.engine import metadata, reading
from ioc.store.observations import standing

Figure = tuple[int | None, int | None, int | None]


@dataclass
class Whole:
    """One source that is polled for real."""

    intake: Intake
    name: str

    @classmethod
    def of(
        cls,
        engine: Engine,
        home: Path,
        text: str,
        *,
        hosts: Sequence[str],
        now: Callable[[], datetime],
        env: Mapping[str, str] | None = None,
    ) -> Whole:
        """A source whose file says `text`; `hosts` are allowed although they are private."""
        file = home / "sources" / "thu.yaml"
        file.parent.mkdir(exist_ok=True)
        file.write_text(text, encoding="utf-8")
        found = connectors()
        source = read_source(file, env or {}, found)
        units = Units.load()
        intake = Intake(
            engine=engine,
            catalogue=Catalogue.load(units=units),
            units=units,
            connectors=found,
            client=lambda one: client_for(one, found[one.connector], home, hosts),
            home=home,
            env=env or {},
            now=now,
            owner="tests",
            sources={source.name: source},
        )
        intake.prepare()
        return cls(intake, source.name)

    def run(self) -> str:
        """Poll once, to the end; how it ended."""
        report = poll(self.intake, self.intake.sources[self.name])
        assert report is not None
        return report.outcome

    def last(self) -> runs.RunFact:
        """The newest run."""
        with reading(self.intake.engine) as connection:
            return runs.recent_runs(connection, self.intake.facts[self.name].id, 1)[0]

    def state(self) -> source_state.SourceState:
        """How the source stands."""
        with reading(self.intake.engine) as connection:
            return source_state.state(connection, self.intake.facts[self.name].id)

    def refused(self) -> list[str]:
        """The codes of what the newest run rejected."""
        with reading(self.intake.engine) as connection:
            return [one.code for one in rejections.rejections(connection, self.last().id)]

    def figures(self) -> dict[tuple[str, str, int, str], Figure]:
        """What stands: (indicator, unit, period, breakdown) → numerator, denominator, value."""
        with reading(self.intake.engine) as connection:
            rows = connection.execute(select(standing)).mappings().all()
        return {
            (
                self.intake.catalogue.by_id(row["indicator_id"]).code,
                self.intake.units.by_id(row["unit_id"]).key,
                row["period"],
                row["breakdown"],
            ): (row["num"], row["den"], row["val"])
            for row in rows
        }

    def everything(self) -> str:
        """Every word in the store, raw answers unpacked."""
        said: list[str] = []
        with reading(self.intake.engine) as connection:
            for table in metadata.sorted_tables:
                for row in connection.execute(select(table)).mappings():
                    said += [str(value) for value in row.values()]
            for digest in connection.execute(select(payloads.payload.c.sha256)).scalars():
                content = payloads.read_payload(connection, digest)
                said.append((content or b"").decode("utf-8", "replace"))
        return "\n".join(said)
