# Copyright: msp.autotask contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)

"""Files that modules leave behind, without secrets. Private to the collection."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from .._errors import AutotaskError

try:
    import yaml
except ImportError as missing:
    YAML_MISSING: ImportError | None = missing
else:
    YAML_MISSING = None


def write_document(path: str, content: Mapping[str, Any]) -> None:
    """Replace a file with the content as YAML, in one go. Raises AutotaskError without the library."""
    if YAML_MISSING:
        raise AutotaskError(f"The Python library PyYAML is missing ({YAML_MISSING}). It comes with Ansible.", "library_missing")
    folder = Path(path).parent
    folder.mkdir(parents=True, exist_ok=True)
    with tempfile.NamedTemporaryFile("w", dir=folder, delete=False, encoding="utf-8") as scratch:
        yaml.safe_dump(dict(content), scratch, sort_keys=False)
    os.chmod(scratch.name, 0o644)
    os.replace(scratch.name, path)
