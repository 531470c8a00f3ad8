# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Which licences of packages go with ours. The sessions of `make test` hold their environments against it."""

from __future__ import annotations

from email.message import Message
from importlib.metadata import PackageMetadata
from typing import cast

import pytest

from tests.licences import is_compatible, licence


def _metadata(*fields: tuple[str, str]) -> PackageMetadata:
    message = Message()
    for name, value in fields:
        message[name] = value
    return cast(PackageMetadata, message)


@pytest.mark.parametrize(
    ("fields", "expected"),
    [
        ([("License-Expression", "MIT AND PSF-2.0"), ("License", "anything")], "MIT AND PSF-2.0"),
        ([("Classifier", "License :: OSI Approved :: MIT License"), ("License", "see file\nof this name")], "MIT"),
        (
            [("Classifier", "License :: Public Domain"), ("Classifier", "License :: OSI Approved :: BSD License")],
            "CC0-1.0 AND BSD-3-Clause",
        ),
        ([("License", "Apache 2.0")], "Apache-2.0"),
        ([("License", "Commercial\nAll rights reserved")], "Commercial"),
        ([], ""),
    ],
)
def test_what_a_package_says_of_its_licence(fields: list[tuple[str, str]], expected: str) -> None:
    assert licence(_metadata(*fields)) == expected


@pytest.mark.parametrize(
    "expression", ["MIT", "Apache-2.0 OR GPL-2.0-only", "GPL-3.0-or-later AND BSD-2-Clause", "(MIT OR ISC) AND MPL-2.0"]
)
def test_what_goes_with_ours(expression: str) -> None:
    assert is_compatible(expression)


@pytest.mark.parametrize(
    "expression",
    ["", "GPL-2.0-only", "MIT AND Commercial", "AGPL-3.0-only", "CC-BY-NC-4.0", "Other/Proprietary License", "(MIT OR SSPL-1.0) AND MIT"],
)
def test_what_does_not_or_is_not_known_to(expression: str) -> None:
    assert not is_compatible(expression)
