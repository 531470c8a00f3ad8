# Copyright: msp.autotask contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)

"""Files that modules leave behind, without secrets. Private to the collection."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from .. import _files
from .._errors import AutotaskError

try:
    import yaml
except ImportError as missing:
    YAML_MISSING: ImportError | None = missing
else:
    YAML_MISSING = None


def write_document(path: str, content: Mapping[str, Any]) -> None:
    """Replace a file with the content as YAML, in one go. Raises AutotaskError without the library, and where that can't be done."""
    if YAML_MISSING:
        raise AutotaskError(f"The Python library PyYAML is missing ({YAML_MISSING}). It comes with Ansible.", "library_missing")
    _files.write_text(path, [yaml.safe_dump(dict(content), sort_keys=False)])
