# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
"""`make docs`: writes what of the documentation of profiles is made from the collection's data.

That is docs/profile.schema.json, for editors, and the table of module words in docs/profile.md.
"""

from __future__ import annotations

import json
from pathlib import Path

from ansible_collections.msp.autotask.plugins.module_utils import _catalogue, _module_words, _profile_schema

DOCS = Path(__file__).resolve().parent
START, END = "<!-- words -->", "<!-- /words -->"


def documents() -> dict[Path, str]:
    """What each file should hold."""
    schema = json.dumps(_profile_schema.for_editors(_catalogue.standard()), indent=1, ensure_ascii=False)
    page = DOCS / "profile.md"
    before, _start, rest = page.read_text().partition(START)
    _table, _end, after = rest.partition(END)
    return {DOCS / "profile.schema.json": schema + "\n", page: f"{before}{START}\n{words()}{END}{after}"}


def words() -> str:
    """The words of module lists as a table, and their spellings."""
    rows = "".join(f"| {section} | {_cells(read)} | {_cells(write)} |\n" for section, (read, write) in _module_words.ROWS.items())
    spellings = "".join(f"- {word}: {', '.join(f'`{one}`' for one in others)}\n" for word, others in _module_words.SPELLINGS.items())
    return f"| Section | read | and write, in addition |\n|---|---|---|\n{rows}\nHow the words may be spelled:\n\n{spellings}"


def _cells(text: str) -> str:
    return "nothing" if text == "-" else text


def main() -> None:
    """Write the files that are not as they should be."""
    for path, text in documents().items():
        path.write_text(text)


if __name__ == "__main__":
    main()
