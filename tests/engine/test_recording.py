# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
"""What is looked at before somebody is asked for a secret, and how often one is tried. Whose key it is, and which names there are: `test_credentials`."""

from __future__ import annotations

from pathlib import Path

import pytest
from ansible.parsing.vault import PromptVaultSecret, VaultLib, VaultSecret

from ansible_collections.msp.autotask.plugins.modules import autotask_credentials
from ansible_collections.msp.autotask.plugins.plugin_utils._vault import VaultFiles

from .running import House, Result, profile

GIVEN = {"user_name": "key@example.com", "secret": "%ecret", "integration_code": "CODE"}


def checked(house: House, name: str = "tinsel") -> Result:
    """What is said before anybody is asked for anything."""
    return house.run(autotask_credentials, name=name)


def encrypted(path: Path, password: str, label: str | None = None) -> Path:
    """Somebody's file with secrets."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(VaultLib().encrypt("user_name: a\nsecret: b\n", secret=VaultSecret(password.encode()), vault_id=label))
    return path


def test_all_is_well_and_nothing_is_written_or_signed_in(house: House) -> None:
    house.want(profile("tinsel"))
    result = checked(house)
    assert not result.get("failed") and not result["changed"] and result["evidence"] == "unknown"
    assert not house.requests() and not house.files(), "what is asked without signing in is no tenant's"


def test_a_name_that_no_profile_has_is_told_before(house: House) -> None:
    house.want(profile("tinsel"))
    assert checked(house, "tinsle")["code"] == "unknown_name" and checked(house, "../tinsel")["code"] == "integration"


def test_a_network_that_is_down_is_told_at_once_and_no_secret_is_blamed(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    pauses: list[float] = []
    monkeypatch.setattr("time.sleep", pauses.append)
    house.want(profile("tinsel"))
    house.fault("drop@*")
    before = checked(house)
    assert before["code"] == "unreachable" and "no connection" in before["msg"] and not pauses
    result = house.record("tinsel", GIVEN, retries=1, retry_delay=300)
    assert result["code"] == "unreachable" and "Save & Close" not in result["msg"] and "lock" not in result["msg"], result["msg"]
    assert 300 not in pauses and "Nothing was stored" in result["msg"]


def test_only_what_time_can_mend_is_tried_again(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    pauses: list[float] = []
    monkeypatch.setattr("time.sleep", pauses.append)
    house.set_up(profile("tinsel"))
    key = {name: text for name, text in (house.kept("tinsel") or {}).items() if name in GIVEN}
    house.path("tinsel").unlink()
    refusals = house.refusals()
    result = house.record("tinsel", {**key, "secret": "not-yet"}, retry_delay=300)
    assert result["code"] == "unauthorized" and pauses == [300] and house.refusals() == refusals + 2 and "lock" in result["msg"]
    for fault in ("500@*Version", "403@*Version", "200=no_items@*Version"):
        pauses.clear()
        house.no_faults()
        house.fault(fault)
        result = house.record("tinsel", key, retries=0, retry_delay=300)
        assert result["failed"] and pauses == [] and "lock" not in result["msg"], (fault, result["msg"])
    assert not house.path("tinsel").exists()


BESIDE = ["birch/wicker.yml", "hand-in.yml", "alder/tinsel.yml"]


@pytest.mark.parametrize("place", BESIDE)
def test_a_password_that_does_not_open_what_lies_beside_is_refused(place: str, house: House) -> None:
    house.want(profile("tinsel"))
    path = encrypted(house.folder / "credentials" / place, "another")
    # A module that is given credentials leaves what is other tenants' to those: they may have a password of their own.
    for result in (checked(house), *([] if "alder" in place else [house.record("tinsel", GIVEN)])):
        assert result["code"] == "vault" and str(path) in result["msg"], result["msg"]
    assert not house.path("tinsel").exists() and not house.refusals()
    encrypted(path, "only-for-tests")
    assert not checked(house).get("failed")


def test_what_was_encrypted_for_another_vault_id_says_nothing(house: House) -> None:
    house.want(profile("tinsel"))
    for place in BESIDE[1:]:
        encrypted(house.folder / "credentials" / place, "another", label="other-team")
    assert not checked(house).get("failed")


def test_of_others_one_that_is_opened_is_enough(house: House) -> None:
    """One of a tenant that is gone may have had an older password."""
    house.want(profile("tinsel"))
    encrypted(house.folder / "credentials" / "alder" / "tinsel.yml", "older")
    encrypted(house.folder / "credentials" / "cedar" / "tinsel.yml", "only-for-tests")
    assert not checked(house).get("failed")


@pytest.mark.parametrize(("again", "code"), [("only-for-tests", ""), ("only-for-test", "vault"), ("", "vault")])
def test_a_new_password_that_was_typed_is_asked_for_again(again: str, code: str, house: House) -> None:
    asked: list[str] = []

    def ask(text: str) -> bytes:
        asked.append(text)
        return again.encode()

    house.want(profile("tinsel"))
    typed = PromptVaultSecret(_bytes=b"only-for-tests")
    house.files_of_run = lambda: VaultFiles([("default", typed)], ask=ask)
    result = checked(house)
    assert result.get("code", "") == code and len(asked) == 1 and "Type it once more" in asked[0]
    assert not code or "--vault-password-file" in result["msg"]
    # Where something lies beside that it opens, it is none that is new.
    encrypted(house.folder / "credentials" / "alder" / "tinsel.yml", "only-for-tests")
    assert not checked(house).get("failed") and len(asked) == 1


def test_a_password_from_a_file_is_not_asked_for(house: House) -> None:
    house.want(profile("tinsel"))
    house.files_of_run = lambda: VaultFiles([("default", VaultSecret(b"only-for-tests"))], ask=pytest.fail)
    assert not checked(house).get("failed")
