"""`python -m ioc`: the command line."""

from __future__ import annotations

import sys

from ioc.cli import main

sys.exit(main())
