# Copyright: msp.autotask contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)

"""A plan as somebody who watches a run reads it. Private to the collection."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from ..module_utils._text import cleaned, on_one_line


def steps_of(result: Mapping[str, Any]) -> Iterator[str]:
    """The steps that the result of a module in check mode plans, under the object that each is about."""
    objects = [known for entry in result.get("integrations") or () for known in entry["objects"]] or [result]
    for known in objects:
        if not known.get("plan"):
            continue
        words = f"{known['tenant']}: {known['integration']}, {known['subject']}, would be asked for:"
        yield f"  {cleaned(on_one_line(words))}"
        for number, step in enumerate(known["plan"], 1):
            yield f"    {number:2}. {cleaned(on_one_line(step['text']))}"
