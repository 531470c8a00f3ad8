# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
"""What is said of profiles in general: the schema for editors, and the table of the words of module lists."""

from __future__ import annotations

import json

from ansible_collections.msp.autotask.plugins.module_utils._catalogue import model
from ansible_collections.msp.autotask.plugins.module_utils._profile import guide_words, schema

from .marks import table

# Where a published schema is. An editor or a validator that is given this address needs no copy.
FILES = "https://raw.githubusercontent.com/msp-autotask/msp.autotask/main"


def editors_schema() -> str:
    """The schema of profiles that gives an editor completion and hover texts."""
    named = {"$schema": schema.DRAFT, "$id": f"{FILES}/roles/integration/files/profile.schema.json"}
    return json.dumps(named | schema.for_editors(model.standard()), indent=1, ensure_ascii=False) + "\n"


def words() -> str:
    """The words of module lists as a table, and their spellings."""
    rows = [[section, _cells(read), _cells(write)] for section, (read, write) in guide_words.ROWS.items()]
    spellings = "".join(f"- {word}: {', '.join(f'`{one}`' for one in others)}\n" for word, others in guide_words.SPELLINGS.items())
    others = (
        f"`{guide_words.CHANGE}` is whatever lets one add, edit and delete the objects that these two name. `{guide_words.VIEW_ALL}` is the View of each\n"
        "object of the section, in CRM also of organizations, which has a table of its own."
    )
    return f"{table(['Section', 'read', 'and write, in addition'], rows)}\n{others}\n\nHow the words may be spelled:\n\n{spellings}"


def _cells(text: str) -> str:
    return "nothing" if text == "-" else text
