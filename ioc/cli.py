"""The command line: arguments in, an exit code out; what the commands do is written elsewhere.

Exit codes: 0 done, 1 something was found wrong, 2 a setting, file or argument is wrong.
"""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Callable, Sequence
from pathlib import Path

from ioc import settings as settings_module
from ioc.domain.messages import say
from ioc.errors import IocError
from ioc.settings import Settings

DEMO_SEED = 2026
Command = Callable[[Settings, argparse.Namespace], int]


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command and give its exit code."""
    asked = os.environ.get("IOC_LANGUAGE", "")
    parsed = parser(asked if asked in {"vi", "en"} else "vi").parse_args(arguments)
    try:
        settings = settings_module.load(make_key=parsed.makes_key)
        # A source's ${env:IOC_DEMO_PORT} and the child processes see the defaults too.
        os.environ.update(settings.environment())
        command: Command = parsed.command
        return command(settings, parsed)
    except IocError as error:
        print(f"ioc: {error}", file=sys.stderr)
        return 2
    except KeyboardInterrupt:
        return 130


def parser(lang: str) -> argparse.ArgumentParser:
    """The parser of all commands, with help in `lang`."""
    root = argparse.ArgumentParser(prog="ioc", description=say(lang, "cli.about"))
    root.set_defaults(makes_key=False)
    commands = root.add_subparsers(required=True, metavar=say(lang, "cli.command"))

    def add(
        name: str, command: Command, under: argparse._SubParsersAction[argparse.ArgumentParser]
    ) -> argparse.ArgumentParser:
        words = say(lang, f"cli.{name.replace('-', '_')}")
        made = under.add_parser(name, help=words, description=words)
        made.set_defaults(command=command)
        return made

    def role(name: str, command: Command) -> argparse.ArgumentParser:
        made = add(name, command, commands)
        made.add_argument("--child", action="store_true", help=argparse.SUPPRESS)
        return made

    def group(name: str) -> argparse._SubParsersAction[argparse.ArgumentParser]:
        words = say(lang, f"cli.{name}")
        made = commands.add_parser(name, help=words, description=words)
        return made.add_subparsers(required=True, metavar=say(lang, "cli.command"))

    add("serve", _serve, commands).set_defaults(makes_key=True)
    role("web", _web).set_defaults(makes_key=True)
    poll = role("poll", _poll)
    poll.add_argument(
        "--once", nargs="?", const="", metavar="SOURCE", help=say(lang, "cli.poll_once")
    )
    exporter = role("exporter", _exporter)
    exporter.set_defaults(makes_key=True)
    exporter.add_argument("--once", action="store_true", help=say(lang, "cli.exporter_once"))
    _add_export(lang, add("export", _export, commands))
    _add_briefing(lang, add("briefing", _briefing, commands))
    backfill = add("backfill", _backfill, commands)
    backfill.add_argument("name", metavar="SOURCE", help=say(lang, "cli.source_name"))
    backfill.add_argument(
        "--from", dest="first", required=True, metavar="PERIOD", help=say(lang, "cli.backfill_from")
    )
    backfill.add_argument("--to", dest="last", metavar="PERIOD", help=say(lang, "cli.backfill_to"))
    backfill.add_argument("--dry", action="store_true", help=say(lang, "cli.backfill_dry"))
    demo = role("demo-sources", _demo)
    demo.add_argument("--port", type=int, help=say(lang, "cli.demo_port"))
    demo.add_argument("--seed", type=int, default=DEMO_SEED, help=say(lang, "cli.demo_seed"))
    sources = group("source")
    check = add("check", _source_check, sources)
    check.add_argument("name", metavar="NAME", help=say(lang, "cli.source_name"))
    kinds = add("kinds", _source_kinds, sources)
    kinds.add_argument("--docs", metavar="FOLDER", type=Path, help=say(lang, "cli.kinds_docs"))
    _add_held(lang, add, group("held"))
    add("check", _units_check, group("units"))
    add("rebuild", _registers_rebuild, group("registers"))
    add("doctor", _doctor, commands)
    add("init", _init, commands).add_argument("home", metavar="HOME", type=Path)
    template = add("template", _template, commands)
    template.add_argument("file", metavar="FILE", type=Path, help=say(lang, "cli.template_file"))
    return root


def _add_export(lang: str, export: argparse.ArgumentParser) -> None:
    from ioc.exports.form import SCALES, SIZES, Form

    export.set_defaults(makes_key=True)
    export.add_argument("address", metavar="ADDRESS", help=say(lang, "cli.export_address"))
    export.add_argument(
        "--form",
        dest="forms",
        action="append",
        required=True,
        choices=[form.value for form in Form],
        help=say(lang, "cli.export_form"),
    )
    export.add_argument("--size", choices=list(SIZES), help=say(lang, "cli.export_size"))
    export.add_argument("--scale", choices=list(SCALES), help=say(lang, "cli.export_scale"))
    export.add_argument(
        "--transparent", action="store_true", help=say(lang, "cli.export_transparent")
    )
    export.add_argument("--part", metavar="PART", help=say(lang, "cli.export_part"))
    export.add_argument(
        "--known-at", dest="known_at", metavar="DAY", help=say(lang, "cli.export_known_at")
    )
    export.add_argument(
        "-o", dest="out", metavar="FILE", type=Path, help=say(lang, "cli.export_out")
    )


def _add_briefing(lang: str, briefing: argparse.ArgumentParser) -> None:
    from ioc.domain.briefing import FORMS

    briefing.set_defaults(makes_key=True)
    briefing.add_argument("name", metavar="NAME", help=say(lang, "cli.briefing_name"))
    briefing.add_argument(
        "--known-at", dest="known_at", metavar="MOMENT", help=say(lang, "cli.export_known_at")
    )
    briefing.add_argument(
        "--form",
        dest="forms",
        action="append",
        choices=FORMS,
        help=say(lang, "cli.briefing_form"),
    )
    briefing.add_argument(
        "-o", dest="out", metavar="FOLDER", type=Path, help=say(lang, "cli.briefing_out")
    )


def _add_held(
    lang: str,
    add: Callable[..., argparse.ArgumentParser],
    under: argparse._SubParsersAction[argparse.ArgumentParser],
) -> None:
    listed = add("list", _held_list, under)
    listed.add_argument("name", nargs="?", metavar="SOURCE", help=say(lang, "cli.source_name"))
    for name in ("confirm", "refuse"):
        decides = add(name, _held_decide, under)
        decides.add_argument(
            "ids", nargs="+", type=int, metavar="ID", help=say(lang, "cli.held_ids")
        )
        decides.add_argument("--note", default="", help=say(lang, "cli.held_note"))
        decides.add_argument("--by", help=say(lang, "cli.held_by"))
        decides.set_defaults(believe=name == "confirm")


def _serve(settings: Settings, _: argparse.Namespace) -> int:
    from ioc.start import serve

    return serve(settings)


def _web(settings: Settings, parsed: argparse.Namespace) -> int:
    _begin_role(parsed)
    from ioc.web.serving import run

    run(settings)
    return 0


def _poll(settings: Settings, parsed: argparse.Namespace) -> int:
    _begin_role(parsed)
    from ioc.ingest import scheduler

    if parsed.once is not None:
        return scheduler.poll_once(settings, parsed.once or None)
    scheduler.run(settings)
    return 0


def _exporter(settings: Settings, parsed: argparse.Namespace) -> int:
    _begin_role(parsed)
    from ioc.exporter import process

    return process.run_once(settings) if parsed.once else process.run(settings)


def _export(settings: Settings, parsed: argparse.Namespace) -> int:
    from ioc import logs
    from ioc.exporter.command import export

    logs.begin(quiet=True)
    options = {
        "size": parsed.size,
        "scale": parsed.scale,
        "transparent": parsed.transparent,
        "part": parsed.part,
    }
    return export(settings, parsed.address, parsed.forms, options, parsed.known_at, parsed.out)


def _backfill(settings: Settings, parsed: argparse.Namespace) -> int:
    from ioc import logs
    from ioc.ingest.backfill_command import backfill

    logs.begin(quiet=True)
    return backfill(settings, parsed.name, parsed.first, parsed.last or parsed.first, parsed.dry)


def _demo(settings: Settings, parsed: argparse.Namespace) -> int:
    _begin_role(parsed)
    from ioc.demo import run

    run(parsed.port or settings.demo_port, parsed.seed)
    return 0


def _begin_role(parsed: argparse.Namespace) -> None:
    from ioc import logs, supervise

    # Beside others on one screen only what went wrong is said; the sources page has the rest.
    logs.begin(quiet=parsed.child)
    if parsed.child:
        supervise.end_with_parent()


def _source_check(settings: Settings, parsed: argparse.Namespace) -> int:
    from ioc.ingest.check import check_source

    return check_source(settings, parsed.name)


def _source_kinds(settings: Settings, parsed: argparse.Namespace) -> int:
    from ioc.ingest import describe
    from ioc.ingest.scheduler import connectors

    found = connectors()
    if parsed.docs is not None:
        written = describe.write_pages(found, parsed.docs)
        print(say(settings.language, "cli.kinds_written", count=len(written), folder=parsed.docs))
        return 0
    for name, connector in found.items():
        print(f"{name:<14}{describe.introduction(connector).splitlines()[0]}")
    return 0


def _held_list(settings: Settings, parsed: argparse.Namespace) -> int:
    from ioc.ingest.held_list import list_held

    return list_held(settings, parsed.name)


def _held_decide(settings: Settings, parsed: argparse.Namespace) -> int:
    from ioc.ingest.held_list import decide_held

    return decide_held(settings, parsed.ids, believe=parsed.believe, note=parsed.note, by=parsed.by)


def _briefing(settings: Settings, parsed: argparse.Namespace) -> int:
    from ioc import logs
    from ioc.exporter import briefing_command

    logs.begin(quiet=True)
    if parsed.name == "list":
        return briefing_command.list_briefings(settings)
    return briefing_command.make_briefing(
        settings, parsed.name, parsed.forms or (), parsed.known_at, parsed.out
    )


def _units_check(settings: Settings, _: argparse.Namespace) -> int:
    from ioc.domain.unit_check import check
    from ioc.domain.units import Units

    wrong = 0
    for what, expected, found, ok in check(Units.load(), settings.language):
        wrong += not ok
        print(f"{'✓' if ok else '✗'} {what}: {found}" + ("" if ok else f" ≠ {expected}"))
    print(say(settings.language, "cli.units_wrong" if wrong else "cli.units_right", wrong=wrong))
    return 1 if wrong else 0


def _registers_rebuild(settings: Settings, _: argparse.Namespace) -> int:
    from ioc.ingest.scheduler import open_intake
    from ioc.store.engine import writing
    from ioc.store.item_rebuild import rebuild

    intake = open_intake(settings, os.environ)
    for register in intake.registers.all:
        with writing(intake.engine) as connection:
            count = rebuild(connection, register, intake.units)
        print(say(settings.language, "cli.rebuilt", register=register.key, count=count))
    return 0


def _doctor(settings: Settings, _: argparse.Namespace) -> int:
    from ioc import doctor

    wrong = 0
    for finding in doctor.examine(settings):
        wrong += not finding.ok
        words = say(settings.language, f"cli.doctor_{finding.what}")
        print(f"{'✓' if finding.ok else '✗'} {words}: {finding.detail}")
    print(say(settings.language, "cli.doctor_ill" if wrong else "cli.doctor_well", wrong=wrong))
    return 1 if wrong else 0


def _init(settings: Settings, parsed: argparse.Namespace) -> int:
    from ioc import home

    added = home.fill(parsed.home, demo=settings.demo)
    print(say(settings.language, "cli.filled", count=len(added), home=parsed.home.resolve()))
    return 0


def _template(settings: Settings, parsed: argparse.Namespace) -> int:
    from ioc.exports import built_in

    file: Path = parsed.file
    built_in.write(file, settings.language)
    print(say(settings.language, "cli.template_written", file=file))
    return 0
