"""Fuzz one target: `python -m fuzz TARGET SECONDS`; ends with 0 when nothing was found.

Needs atheris (fuzz/requirements.lock, `make fuzz` installs it into .venv-fuzz). New inputs go to
`var/fuzz/TARGET`, findings to `var/fuzz/`; `--merge` puts what widens the coverage, and nothing
else, into the corpus of the repository.
"""

from __future__ import annotations

import importlib.util
import sys
from pathlib import Path

import atheris

SECONDS_OF_ONE = 5
MEGABYTES = 512
_HERE = Path(__file__).parent
_NAMES = ("json", "sheets", "geo", "numbers")


def main(arguments: list[str]) -> None:
    """Run libFuzzer on one target, with its limits of time and memory for each input."""
    name, seconds = [*arguments, "", ""][:2]
    if name not in _NAMES or not seconds.isdigit():
        sys.exit(f"python -m fuzz TARGET SECONDS; targets: {', '.join(_NAMES)}")
    with atheris.instrument_imports(include=["ioc", "data_sources", "fuzz", "json", "csv"]):
        from fuzz.targets import TARGETS
    for file in sorted((_HERE / "corpus" / name).iterdir()):
        # What is loaded on first use must not count as the time of one input.
        TARGETS[name](file.read_bytes())
    found, corpus = Path("var/fuzz") / name, _HERE / "corpus" / name
    found.mkdir(parents=True, exist_ok=True)
    folders = [str(found), str(corpus)]
    options = [f"-max_total_time={seconds}"]
    if "--merge" in arguments:
        folders, options = [str(corpus), str(found)], ["-merge=1", "-max_len=2000"]
    atheris.Setup(
        [
            "fuzz",
            *options,
            f"-timeout={SECONDS_OF_ONE}",
            f"-rss_limit_mb={MEGABYTES}",
            "-max_len=8192",
            f"-artifact_prefix=var/fuzz/{name}-",
            f"-dict={_HERE / 'words' / name}.txt",
            "-print_final_stats=1",
            *folders,
        ],
        TARGETS[name],
    )
    atheris.Fuzz()


if __name__ == "__main__":
    assert importlib.util.find_spec("ioc"), "run from the folder of the product"
    main(sys.argv[1:])
