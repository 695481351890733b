"""A register's template as a file, and the file of a source that reads it back when filled in."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from flask import Response, request

from ioc.domain.messages import explain_error
from ioc.domain.register import Register
from ioc.domain.view import LANGUAGES
from ioc.errors import AddressError
from ioc.exports.register_template import source_file, template_of
from ioc.web.viewer import scope_of

if TYPE_CHECKING:
    from flask import Flask

    from ioc.queries.desk import Desk

_XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def add_register_template(server: Flask, desk: Desk) -> None:
    """Add the routes; what a register declares is for everybody who may see anything."""

    @server.get("/register/<register_key>/template.xlsx")
    def register_template(register_key: str) -> Response:
        """The workbook to fill in, in the language of `?lang=`."""
        return _made(desk, register_key, "xlsx", _XLSX, template_of)

    @server.get("/register/<register_key>/template.yaml")
    def register_source(register_key: str) -> Response:
        """The file of a source that reads such workbooks from a folder."""

        def made(register: Register, lang: str) -> bytes:
            return source_file(register, lang).encode()

        return _made(desk, register_key, "yaml", "application/yaml", made)


def _made(
    desk: Desk,
    register_key: str,
    ending: str,
    media: str,
    made: Callable[[Register, str], bytes],
) -> Response:
    lang = request.args.get("lang", "")
    lang = lang if lang in LANGUAGES else LANGUAGES[0]
    scope = scope_of(request)
    try:
        if not (scope.everything or scope.roots):
            raise AddressError(part="register", given=register_key[:60], allowed="–")
        register = desk.registers.by_key(register_key)
    except AddressError as error:
        return Response(explain_error(lang, error), 404, mimetype="text/plain")
    answer = Response(made(register, lang), mimetype=media)
    name = f"attachment; filename={register.key}-{lang}.{ending}"
    answer.headers["Content-Disposition"] = name
    return answer
