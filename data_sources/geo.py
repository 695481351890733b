"""Places: GeoJSON files and addresses, WFS 2.0, OGC API Features; kept as points and counted."""

from __future__ import annotations

from pathlib import Path
from typing import ClassVar

import httpx
from pydantic import BaseModel

from ioc.errors import PermanentSourceError
from ioc.ingest.body import Answer, read_json
from ioc.ingest.connector import Batch, Outcome, Payload, Reach, Record, Rejected, Tools
from ioc.ingest.drop import inside, move_aside, read_file, safe_name, stable_files
from ioc.ingest.geo_config import FromFile, GeoConfig
from ioc.ingest.geo_delivery import day_of, deliver
from ioc.ingest.geo_features import features_in
from ioc.ingest.geo_paging import pages
from ioc.ingest.report import FILE_PLACE, report_text

_MEDIA = "application/geo+json"
_APART = " · "


class Geo:
    """The connector."""

    name: ClassVar[str] = "geo"
    Config: ClassVar[type[BaseModel]] = GeoConfig
    EXAMPLE: ClassVar[str] = """
    name: diem-lom-song
    title: {vi: "Bản đồ điểm trắng sóng, lõm sóng", en: "Map of signal blackspots"}
    connector: geo
    illustrative: false
    schedule: {every: 1h}
    config:
      from:
        kind: wfs
        url: https://bando.example.gov.vn/wfs
        layer: vienthong:diem_lom_song
        page: 500
      place: {crs: "EPSG:9210"}
      key: ma_diem
      name: ten_thon
      keep: [ten_thon, ma_tinh, loai, so_ho]
      complete: true
      count:
        unit: ma_tinh
        units: ["08", "12"]
        where: {trang_thai: [chua_xu_ly]}
        classes:
          trang_song: {loai: trắng sóng}
          lom_song: {loai: lõm sóng}
        sums: {so_ho: so_ho}
        partial: true
    mapping:
      unit: {code: ma_tinh, system: nso, pad: 2}
      period: {field: day}
      values:
        - {indicator: SIG-03, value: count, bound: bound}
        - indicator: SIG-03
          value: trang_song.count
          bound: bound
          breakdown: {class: {constant: none}}
        - indicator: SIG-03
          value: lom_song.count
          bound: bound
          breakdown: {class: {constant: weak}}
        - {indicator: SIG-04, value: so_ho, bound: so_ho_bound}
    """

    def reach(self, config: GeoConfig, home: Path) -> Reach:
        """The hosts and certificates that the source declares; none for files."""
        return Reach() if isinstance(config.origin, FromFile) else config.origin.reach(home)

    def fetch(self, config: GeoConfig, tools: Tools) -> Batch:
        """One delivery: the oldest file that is waiting, or everything the service has.

        Raises SourceError for the first thing that is wrong with the delivery as a whole; a file
        of that kind is a batch of one rejection.
        """
        day = day_of(tools.now())
        if isinstance(config.origin, FromFile):
            return _from_file(config, config.origin, day, tools)
        came = list(pages(config.origin, config.place.crs, config.limits, tools))
        read = deliver(config, [one.features for one in came], day, tools.deadline)
        payloads = [
            Payload(
                f"{one.answer.label} {number}/{len(came)}{_APART}{day}", one.answer.content, _MEDIA
            )
            for number, one in enumerate(came, 1)
        ]
        return Batch(
            read.records,
            payloads,
            points=read.points,
            points_whole=read.whole,
            points_still=read.still,
        )

    def finish(self, config: GeoConfig, batch: Batch, outcome: Outcome, tools: Tools) -> None:
        """Move a file aside with its report, once what it said was committed."""
        if not isinstance(config.origin, FromFile) or not outcome.committed or not batch.receipt:
            return
        good = outcome.readings + outcome.held > 0 or not outcome.rejected
        report = report_text(safe_name(batch.receipt), outcome, tools.now())
        folder = _folder(config.origin, tools)
        move_aside(folder, batch.receipt, "processed" if good else "rejected", report)

    def reread(self, config: GeoConfig, payload: Payload) -> list[Record | Rejected]:
        """The records of a kept delivery, as the run that took it in read them.

        Raises PermanentSourceError for one page of several that were counted together.
        """
        label, _, day = payload.label.rpartition(_APART)
        page, _, of = label.rpartition(" ")[2].partition("/")
        if page.isdigit() and of.isdigit() and of != "1":
            raise PermanentSourceError("one page of a delivery", code="page_of_many", pages=of)
        document = _document(label, payload.content)
        return deliver(config, [features_in(document, config.place.crs, label)], day).records


def _from_file(config: GeoConfig, origin: FromFile, day: str, tools: Tools) -> Batch:
    folder = _folder(origin, tools)
    waiting = stable_files(folder, origin.patterns, origin.settle, tools.sleep)
    if not waiting:
        return Batch((), ())
    name = waiting[0]
    label = safe_name(name)
    try:
        content = read_file(folder, name, config.limits.bytes)
    except OSError as error:
        reason = error.strerror or type(error).__name__
        raise PermanentSourceError(
            f"{label}: {reason}", code="file_unreadable", file=label, reason=reason
        ) from None
    payload = Payload(f"{label}{_APART}{day}", content or b"", _MEDIA)
    more = len(waiting) > 1
    if content is None:
        told = Rejected(FILE_PLACE, "file_too_large", {"megabytes": f"{config.limits.megabytes:g}"})
        return Batch([told], [payload], more=more, receipt=name)
    try:
        features = features_in(_document(label, content), config.place.crs, label)
        _few(features, config)
        read = deliver(config, [features], day, tools.deadline)
    except PermanentSourceError as error:
        # What is wrong with a file is told beside it; the next file is not its business.
        code = "file_no_geojson" if error.code.startswith("not_data") else error.code
        return Batch([Rejected(FILE_PLACE, code, error.params)], [payload], more=more, receipt=name)
    return Batch(
        read.records,
        [payload],
        more=more,
        receipt=name,
        points=read.points,
        points_whole=read.whole,
        points_still=read.still,
    )


def _few(features: list[object], config: GeoConfig) -> None:
    limit = config.limits.features
    if len(features) > limit:
        raise PermanentSourceError(
            f"more than {limit} features", code="too_many_features", limit=limit
        )


def _document(label: str, content: bytes) -> object:
    return read_json(Answer(label, label, content, _MEDIA, httpx.Headers()))


def _folder(origin: FromFile, tools: Tools) -> Path:
    folder = inside(tools.home, origin.folder)
    if folder is None:
        raise PermanentSourceError(
            f"{origin.folder} leads out of the home directory",
            code="folder_outside",
            folder=origin.folder,
        )
    return folder


CONNECTOR = Geo()
