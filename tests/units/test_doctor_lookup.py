# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
"""What the doctor said of a console: from its own file alone, and anything else is no pass."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import yaml
from ansible.errors import AnsibleError

from ansible_collections.msp.autotask.plugins.lookup.doctor import LookupModule
from ansible_collections.msp.autotask.plugins.module_utils._edge.files import write_document
from tests.disks import IN_ITS_PLACE

FOUND = {"doctors_pass": {"passed": True, "url": "https://ww4.autotask.net", "user_name": "admin", "locators": "4f1c9a0be2d7"}, "pages": {}}


def kept(folder: Path, tenant: str = "alder") -> dict[str, Any]:
    [found] = LookupModule().run([str(folder)], {}, tenant=tenant)
    return found


def test_the_pass_is_what_the_doctor_left(tmp_path: Path) -> None:
    nothing = kept(tmp_path / "console")
    assert nothing == {"path": str(tmp_path / "console" / "alder.doctor.yml"), "console": {}}
    write_document(nothing["path"], FOUND)
    assert kept(tmp_path / "console")["console"] == {"doctors_pass": FOUND["doctors_pass"]}
    assert kept(tmp_path / "console", "birch")["console"] == {}


@pytest.mark.parametrize("text", ["", "doctors_pass: yes", "- a", "{", "pages: {}", "doctors_pass: !!python/object:os.system {}"])
def test_what_he_did_not_write_is_no_pass(text: str, tmp_path: Path) -> None:
    (tmp_path / "alder.doctor.yml").write_text(text)
    assert kept(tmp_path)["console"] == {}


@pytest.mark.parametrize("other", IN_ITS_PLACE)
def test_something_else_in_its_place_is_told(other: str, tmp_path: Path) -> None:
    IN_ITS_PLACE[other](tmp_path / "alder.doctor.yml")
    with pytest.raises(AnsibleError, match=r"alder\.doctor\.yml can't be read: "):
        kept(tmp_path)


@pytest.mark.parametrize("tenant", ["../outside", "..", "", "a/b", "a\nb"])
def test_a_pass_from_elsewhere_is_not_read(tenant: str, tmp_path: Path) -> None:
    (tmp_path / "console").mkdir()
    (tmp_path / "outside.doctor.yml").write_text(yaml.safe_dump(FOUND))
    with pytest.raises(AnsibleError, match=r"^tenant: "):
        kept(tmp_path / "console", tenant)
