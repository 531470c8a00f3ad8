# Copyright: msp.autotask contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)

"""A plan as somebody who watches a run reads it. Private to the collection."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from ..module_utils._text import cleaned, on_one_line

# Of a run on more tenants than these the steps are counted.
MOST_TENANTS = 10


def steps_of(result: Mapping[str, Any], counted: bool = False) -> Iterator[str]:
    """The steps that the result of a module in check mode plans, under the object that each is about; or how many these are, and where to read them."""
    objects = [known for entry in result.get("integrations") or () for known in entry["objects"]] or [result]
    for known in objects:
        if not known.get("plan"):
            continue
        if counted:
            number, where = len(known["plan"]), f"all of them with -l {known['tenant']}, with --diff, or in report.json"
            line = f"{known['tenant']}: {known['integration']}, {known['subject']}: {number} {'step' if number == 1 else 'steps'} would be asked for ({where})"
            yield f"  {cleaned(on_one_line(line))}"
            continue
        words = f"{known['tenant']}: {known['integration']}, {known['subject']}, would be asked for:"
        yield f"  {cleaned(on_one_line(words))}"
        for number, step in enumerate(known["plan"], 1):
            yield f"    {number:2}. {cleaned(on_one_line(step['text']))}"
