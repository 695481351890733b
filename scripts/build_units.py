"""Write the unit tables of ioc/units from the raw tables in scripts/units_raw.

Run it after editing a raw table: `python scripts/build_units.py [FOLDER]`. The result is reviewed
and committed; the product reads only the result. Sources and licences: ioc/units/NOTES.md.
"""

from __future__ import annotations

import csv
import sys
import unicodedata
from collections import Counter, defaultdict
from pathlib import Path

Row = dict[str, str]

RAW = Path(__file__).parent / "units_raw"
TARGET = Path(__file__).parents[1] / "ioc" / "units"

START = "2008-08-01"  # first day of the 63 provinces and of the 22 ministries' present list
HUE = "2025-01-01"
OLD_COMMUNES = "2025-01-01"  # the official list the conversion starts from; nothing older is known
MINISTRIES = "2025-03-01"
MERGER = "2025-07-01"

OLD_CODES = "124/2004/QĐ-TTg"
OLD_GOVERNMENT = "08/2021/QH15"
NEW_GOVERNMENT = "176/2025/QH15"
NEW_PROVINCES = "202/2025/QH15"
NEW_COMMUNES = "1654–1687/NQ-UBTVQH15"
REGIONS = "306/NQ-CP"
ILLUSTRATIVE = "minh họa"

VN, LOCAL, GOV = 1, 2, 3
KINDS = {
    "Tỉnh": ("tinh", "Province"),
    "Thành phố": ("thanh_pho", "City"),
    "Phường": ("phuong", "Ward"),
    "Xã": ("xa", "Commune"),
    "Thị trấn": ("thi_tran", "Township"),
    "Đặc khu": ("dac_khu", "Special Zone"),
}
HEADS = {
    "units": "id key level lat lon",
    "versions": "unit_id valid_from valid_to name short_name name_en kind parent_id region_id"
    " legal_basis district aliases",
    "codes": "unit_id system code valid_from valid_to",
    "successions": "predecessor_id successor_id day coverage kind principal function function_en"
    " legal_basis",
}
PROVINCE_ALIASES = {
    "Hồ Chí Minh": "HCM|TPHCM",
    "Bà Rịa - Vũng Tàu": "BR-VT|BRVT|Bà Rịa Vũng Tàu",
    "Thừa Thiên Huế": "TT Huế|TT-Huế|Thừa Thiên - Huế",
}
ENGLISH = {"Hồ Chí Minh": "Ho Chi Minh City"}
SHORT = {"Hồ Chí Minh": "TP.HCM"}


class Book:
    """The four tables of one data set, written together."""

    def __init__(self, name: str) -> None:
        self.name = name
        self.tables: dict[str, list[list[str]]] = {table: [] for table in HEADS}

    def unit(self, unit_id: int, key: str, level: str, lat: str = "", lon: str = "") -> None:
        """Add an identity."""
        self.tables["units"].append([str(unit_id), key, level, lat, lon])

    def version(
        self,
        unit_id: int,
        first: str,
        end: str,
        names: tuple[str, str, str],
        kind: str,
        *,
        parent: int | None,
        legal: str,
        region: int | None = None,
        district: str = "",
        aliases: str = "",
    ) -> None:
        """Add a version; `names` are the official, the short and the English one."""
        self.tables["versions"].append(
            [
                *(str(unit_id), first, end, *names, kind),
                *(_cell(parent), _cell(region), legal, district, aliases),
            ]
        )

    def code(self, unit_id: int, system: str, code: str, first: str, end: str = "") -> None:
        """Add a code."""
        self.tables["codes"].append([str(unit_id), system, code, first, end])

    def succession(
        self,
        old: int,
        new: int,
        day: str,
        coverage: str,
        kind: str,
        *,
        principal: bool,
        legal: str,
        function: str = "",
        function_en: str = "",
    ) -> None:
        """Add what a predecessor gave to a successor."""
        row = [str(old), str(new), day, coverage, kind, str(int(principal)), function, function_en]
        self.tables["successions"].append([*row, legal])

    def write(self, target: Path) -> None:
        """Write the tables that have rows below `target`."""
        folder = target / self.name
        folder.mkdir(parents=True, exist_ok=True)
        for table, rows in self.tables.items():
            if rows:
                with (folder / f"{table}.csv").open("w", encoding="utf-8", newline="") as file:
                    writer = csv.writer(file, lineterminator="\n")
                    writer.writerow(HEADS[table].split())
                    writer.writerows(rows)


def _cell(number: int | None) -> str:
    return "" if number is None else str(number)


def raw(name: str) -> list[Row]:
    """The rows of a raw table, NFC."""
    with (RAW / f"{name}.csv").open(encoding="utf-8", newline="") as file:
        return [
            {key: unicodedata.normalize("NFC", value).strip() for key, value in row.items()}
            for row in csv.DictReader(file)
        ]


def ascii_name(text: str) -> str:
    """The English spelling of a Vietnamese name: no diacritics, đ as d."""
    plain = unicodedata.normalize("NFD", text.replace("đ", "d").replace("Đ", "D"))
    return "".join(mark for mark in plain if not unicodedata.combining(mark)).replace("’", "'")


def split_name(full: str) -> tuple[str, str]:
    """`Thị trấn Nga Sơn` as its type and the rest."""
    for kind in KINDS:
        if full.lower().startswith(kind.lower() + " "):  # the source also writes Thị Trấn
            return kind, full[len(kind) + 1 :]
    raise ValueError(f"{full}: no type in front")


def province_names(full: str) -> tuple[str, str, str]:
    """Official, short and English name of a province."""
    _, bare = split_name(full)
    return full, SHORT.get(bare, bare), ENGLISH.get(bare, ascii_name(bare))


def commune_names(full: str) -> tuple[str, str, str]:
    """Official, short and English name of a commune; numbered wards keep their type."""
    kind, bare = split_name(full)
    english = KINDS[kind][1]
    full = f"{kind} {bare}"
    if bare.isdigit():
        return full, full, f"{english} {bare}"
    return full, bare, f"{ascii_name(bare)} {english}"


def build_nation() -> Book:
    """The nation, its two halves and the six regions."""
    book = Book("nation")
    for unit_id, key, level, names, kind, parent in (
        (VN, "vn", "nation", ("Cả nước", "Cả nước", "Nationwide"), "quoc_gia", None),
        (LOCAL, "local", "localities", ("Các địa phương", "Địa phương", "Localities"), "", VN),
        (GOV, "gov", "government", ("Các bộ, ngành", "Bộ, ngành", "Ministries"), "", VN),
    ):
        book.unit(unit_id, key, level)
        book.version(unit_id, START, "", names, kind or "nhom", parent=parent, legal="")
    for row in raw("regions"):
        unit_id = int(row["id"])
        book.unit(unit_id, row["key"], "region")
        names = (row["name"], row["name"], row["name_en"])
        book.version(unit_id, MERGER, "", names, "vung", parent=None, legal=REGIONS)
    return book


def build_provinces() -> Book:
    """63 former and 34 present provinces; eleven of them are one and the same unit."""
    book = Book("provinces")
    lineage = raw("province_lineage_2025")
    merged = Counter(row["new_code"] for row in lineage)
    region = {code: int(row["id"]) for row in raw("regions") for code in row["provinces"].split()}
    points = {row["code"]: row for row in raw("provinces_34")}
    new_names = {row["new_code"]: row["new_name"] for row in lineage}
    for code in sorted(new_names):
        _present_province(
            book, code, new_names[code], merged[code] == 1, region[code], points[code]
        )
    for row in lineage:
        if merged[row["new_code"]] > 1:
            _former_province(book, row)
    for row in raw("merger_map"):
        book.code(1000 + int(row["code"]), "merger_map", row["mahc"], MERGER)
    for row in raw("agency_ids"):
        if row["unit"].isdigit():
            book.code(1000 + int(row["unit"]), "agency_id", row["code"], START)
    return book


def _present_province(
    book: Book, code: str, name: str, unchanged: bool, region: int, point: Row
) -> None:
    unit_id = 1000 + int(code)
    book.unit(unit_id, code, "province", point["lat_repr"], point["lon_repr"])
    book.code(unit_id, "nso", code, START if unchanged else MERGER)
    changes = [(MERGER, name, NEW_PROVINCES)]
    if unchanged:
        changes.insert(0, (START, name, OLD_CODES))
    if code == "46":
        changes[0] = (START, "Tỉnh Thừa Thiên Huế", OLD_CODES)
        changes.insert(1, (HUE, name, "175/2024/QH15"))
    for row in raw("unit_amendments_2026"):
        if row["level"] == "province" and row["code"] == code:
            changes.append((row["effective_date"], row["new_full_name"], row["instrument"]))
    ends = [change[0] for change in changes[1:]] + [""]
    for (first, full, legal), end in zip(changes, ends, strict=True):
        kind, bare = split_name(full)
        book.version(
            unit_id,
            first,
            end,
            province_names(full),
            KINDS[kind][0],
            parent=LOCAL,
            legal=legal,
            region=region if first >= MERGER else None,
            aliases=PROVINCE_ALIASES.get(bare, ""),
        )


def _former_province(book: Book, row: Row) -> None:
    code = row["old_code"]
    unit_id = 2000 + int(code)
    kind, bare = split_name(row["old_name"])
    book.unit(unit_id, f"{code}.2025", "province")
    book.code(unit_id, "nso", code, START, MERGER)
    book.version(
        unit_id,
        START,
        MERGER,
        province_names(row["old_name"]),
        KINDS[kind][0],
        parent=LOCAL,
        legal=OLD_CODES,
        aliases=PROVINCE_ALIASES.get(bare, ""),
    )
    new = 1000 + int(row["new_code"])
    book.succession(unit_id, new, MERGER, "whole", "merge", principal=True, legal=NEW_PROVINCES)


def build_communes() -> Book:
    """3,321 present communes with the amendments since."""
    book = Book("communes")
    changed = {row["code"]: row for row in raw("unit_amendments_2026") if row["level"] == "commune"}
    for row in raw("communes_2025"):
        unit_id = 100_000 + int(row["code"])
        book.unit(unit_id, row["code"], "commune", row["lat"], row["lon"])
        book.code(unit_id, "nso", row["code"], MERGER)
        parent = 1000 + int(row["province_code"])
        change = changed.pop(row["code"], None)
        steps = [(MERGER, change["effective_date"] if change else "", row["name"], NEW_COMMUNES)]
        if change:
            new_name, day = change["new_full_name"], change["effective_date"]
            if change["old_full_name"] != row["name"]:
                raise ValueError(f"{row['code']}: {row['name']} is not {change['old_full_name']}")
            steps.append((day, "", new_name, change["instrument"]))
        for first, end, full, legal in steps:
            kind = KINDS[split_name(full)[0]][0]
            book.version(unit_id, first, end, commune_names(full), kind, parent=parent, legal=legal)
    if changed:
        raise ValueError(f"amended communes that do not exist: {sorted(changed)}")
    return book


def build_former_communes() -> Book:
    """10,035 former communes and where each went, wholly or in parts."""
    book = Book("former_communes")
    lineage = raw("commune_lineage_2025")
    provinces = raw("province_lineage_2025")
    merged = Counter(row["new_code"] for row in provinces)
    parents = {
        row["old_code"]: (2000 if merged[row["new_code"]] > 1 else 1000) + int(row["old_code"])
        for row in provinces
    }
    names = {row["code"]: row["name"] for row in raw("communes_2025")}
    into: dict[str, list[Row]] = defaultdict(list)
    for row in lineage:
        into[row["new_code"]].append(row)
    seen: set[str] = set()
    for row in lineage:
        unit_id = 200_000 + int(row["old_code"])
        if row["old_code"] not in seen:
            seen.add(row["old_code"])
            book.unit(unit_id, f"{row['old_code']}.2025", "commune")
            book.code(unit_id, "nso", row["old_code"], OLD_COMMUNES, MERGER)
            book.version(
                unit_id,
                OLD_COMMUNES,
                MERGER,
                commune_names(row["old_name"]),
                KINDS[split_name(row["old_name"])[0]][0],
                parent=parents[row["old_province_code"]],
                legal=OLD_CODES,
                district=row["old_district"],
            )
        book.succession(
            unit_id,
            100_000 + int(row["new_code"]),
            MERGER,
            row["coverage"],
            _commune_change(row, into[row["new_code"]], names[row["new_code"]]),
            principal=row["is_default"] == "1",
            legal=NEW_COMMUNES,
        )
    return book


def _commune_change(row: Row, siblings: list[Row], new_name: str) -> str:
    if row["coverage"] == "part":
        return "split"
    if len(siblings) > 1:
        return "merge"
    return "continue" if split_name(row["old_name"]) == split_name(new_name) else "rename"


def build_ministries() -> Book:
    """22 ministries before and 17 after 1 March 2025, functions moved, illustrative departments."""
    book = Book("ministries")
    ids = {row["key"]: int(row["id"]) for row in raw("ministries")}
    for row in raw("ministries"):
        unit_id = ids[row["key"]]
        first = MINISTRIES if row["state"] == "new" else START
        end = MINISTRIES if row["state"] == "ended" else ""
        steps = [(first, end, NEW_GOVERNMENT if row["state"] == "new" else OLD_GOVERNMENT)]
        if row["state"] == "unchanged":
            steps = [(START, MINISTRIES, OLD_GOVERNMENT), (MINISTRIES, "", NEW_GOVERNMENT)]
        book.unit(unit_id, row["key"], "ministry")
        book.code(unit_id, "local", row["key"].removesuffix(".2025"), first, end)
        names = (row["name"], row["short_name"], row["name_en"])
        for begins, ends, legal in steps:
            book.version(
                unit_id,
                begins,
                ends,
                names,
                row["kind"],
                parent=GOV,
                legal=legal,
                aliases=row["aliases"],
            )
        for agency in raw("agency_ids"):
            if agency["unit"] == row["key"].removesuffix(".2025"):
                book.code(unit_id, "agency_id", agency["code"], first, end)
    for row in raw("ministry_succession"):
        book.succession(
            ids[row["predecessor"]],
            ids[row["successor"]],
            MINISTRIES,
            row["coverage"],
            row["kind"],
            principal=row["principal"] == "1",
            legal=NEW_GOVERNMENT,
            function=row["function"],
            function_en=row["function_en"],
        )
    for row in raw("departments"):
        unit_id = int(row["id"])
        book.unit(unit_id, row["key"], "department")
        book.code(unit_id, "local", row["key"], MINISTRIES)
        names = (row["name"], row["name"], row["name_en"])
        parent = ids[row["ministry"]]
        book.version(unit_id, MINISTRIES, "", names, row["kind"], parent=parent, legal=ILLUSTRATIVE)
    return book


def main(target: Path) -> int:
    """Write all tables below `target` and say how many rows each has."""
    for build in (
        build_nation,
        build_provinces,
        build_communes,
        build_former_communes,
        build_ministries,
    ):
        book = build()
        book.write(target)
        counts = ", ".join(f"{len(rows)} {table}" for table, rows in book.tables.items())
        sys.stdout.write(f"{book.name}: {counts}\n")
    return 0


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1]) if len(sys.argv) > 1 else TARGET))
