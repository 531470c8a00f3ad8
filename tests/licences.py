# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The licences of the packages in this Python's environment. `python -m tests.licences` lists them, and fails where one can't go with GPL-3.0-or-later."""

from __future__ import annotations

import re
import sys
from collections.abc import Iterator, Sequence
from importlib.metadata import PackageMetadata, distributions

# Identifiers of SPDX. https://www.gnu.org/licenses/license-list.html says which licences are compatible with version 3.
COMPATIBLE = {
    *("0BSD", "Apache-2.0", "BSD-2-Clause", "BSD-3-Clause", "CC0-1.0", "ISC", "MIT", "MIT-0", "MPL-2.0", "PSF-2.0", "Unlicense", "Zlib"),
    *("GPL-2.0-or-later", "GPL-3.0-or-later", "LGPL-2.1-or-later", "LGPL-3.0-or-later"),
}
# What packages say that have no identifier, as far as it is one of those.
SAID = {
    "Apache 2.0": "Apache-2.0",
    "Apache Software License": "Apache-2.0",
    "BSD License": "BSD-3-Clause",
    "GNU General Public License (GPL)": "GPL-2.0-or-later",  # of no certain version, so of any
    "GNU General Public License v3 or later (GPLv3+)": "GPL-3.0-or-later",
    "ISC License (ISCL)": "ISC",
    "MIT License": "MIT",
    "Mozilla Public License 2.0 (MPL 2.0)": "MPL-2.0",
    "Public Domain": "CC0-1.0",
    "Python Software Foundation License": "PSF-2.0",
}
CLASSIFIER = re.compile(r"License :: (?:OSI Approved :: )?(.+)")


def licence(metadata: PackageMetadata) -> str:
    """The licence of a package as an expression of SPDX, as far as it says one; otherwise its own words, of which nothing is known."""
    if expression := metadata.get("License-Expression"):
        return str(expression)
    classified = [found[1] for entry in metadata.get_all("Classifier") or [] if (found := CLASSIFIER.fullmatch(entry))]
    text = (metadata.get("License") or "").strip()
    words = classified or [text.partition("\n")[0]]
    return " AND ".join(SAID.get(word, word) for word in words)


def is_compatible(expression: str) -> bool:
    """Whether what is under this licence may be used together with what is under GPL-3.0-or-later."""
    if "(" in expression:  # nobody here writes more than one level, so it is enough that every name will do
        return all(name in COMPATIBLE for name in re.split(r" (?:AND|OR) ", re.sub(r"[()]", "", expression)))
    return any(all(name in COMPATIBLE for name in choice.split(" AND ")) for choice in expression.split(" OR "))


def listed() -> Sequence[tuple[str, str]]:
    """Name and licence of each package of the environment, by name."""
    return sorted({(str(one.metadata["Name"]), licence(one.metadata)) for one in distributions()}, key=lambda row: row[0].lower())


def _lines() -> Iterator[str]:
    for name, said in listed():
        yield f"{name:30} {said or 'says nothing'}{'' if is_compatible(said) else '   <- not known to go with GPL-3.0-or-later'}"


if __name__ == "__main__":
    print("\n".join(_lines()))
    sys.exit(0 if all(is_compatible(said) for _name, said in listed()) else 1)
