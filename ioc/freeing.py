"""Memory that is free again goes back to the system, which the C library does not do by itself.

Reading years of history needs a few hundred megabytes for a moment. glibc keeps them for later, in
an arena for each of the threads that ran, so that a poller looks as large as it was at its largest.
"""

from __future__ import annotations

import ctypes


def give_back() -> bool:
    """Hand whole pages that nothing uses back to the system; true when there were any.

    Does nothing where the C library is not glibc. Takes milliseconds, without the interpreter's
    lock.
    """
    trim = getattr(ctypes.CDLL(None), "malloc_trim", None)
    return bool(trim(0)) if trim is not None else False
