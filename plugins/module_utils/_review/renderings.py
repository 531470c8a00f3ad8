# Copyright: msp.autotask contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)

"""All that a document is rendered as, by the ending of the file. Private to the collection. What each is for is told in docs/review.md."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping

from .document import Document, to_json
from .junit import junit
from .markdown import markdown
from .page import page
from .sarif import sarif


def _json(document: Document) -> Iterator[str]:
    yield to_json(document)


RENDERINGS: Mapping[str, Callable[[Document], Iterable[str]]] = {
    ".json": _json,
    ".md": markdown,
    ".html": page,
    ".junit.xml": junit,
    ".sarif": sarif,
}
