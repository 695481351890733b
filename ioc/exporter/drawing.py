"""One browser that draws the product's own pages as files, under hard limits of time and memory."""

from __future__ import annotations

from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING

from ioc.errors import DrawError
from ioc.exporter.drawn import Chart, Drawn, Limits
from ioc.exports.form import Form, Options

if TYPE_CHECKING:
    from ioc.exporter.documents import Serve
    from ioc.exports.provenance import Strip

__all__ = ["Chart", "DrawError", "Drawing", "Drawn", "Limits"]


class Drawing:
    """A context manager over one child process; use one of it per thread, for many pictures.

    The child is started at the first picture and again after a failure or `limits.pictures`
    pictures. Leaving the context ends every process and removes every temporary file of it.
    """

    def __init__(
        self, program: Path | None, *, limits: Limits | None = None, folder: Path | None = None
    ) -> None:
        raise NotImplementedError

    def __enter__(self) -> Drawing:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    def close(self) -> None:
        """End the child with all it started; nothing of it is left."""

    def draw(
        self,
        address: str,
        form: Form,
        options: Options,
        *,
        serve: Serve,
        strip: Strip | None = None,
        lang: str = "vi",
        bare: bool = False,
    ) -> Drawn:
        """Draw the page of `address` (path and query), or one `options.part` of it, as a file.

        `serve` answers every request of the page (see `documents`). `strip` is set into the
        file with its QR code; a `bare` part is the chart alone, without title and strip, for a
        slide that has its own. One chart of several that fails is named in `Drawn.charts`, and
        its place says so in words. Raises DrawError when there is nothing right to give.
        """
        raise NotImplementedError
