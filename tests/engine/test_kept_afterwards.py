# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
"""A secret is shown once: a run that could not keep it asks nobody to have one shown."""

from __future__ import annotations

import pytest
from ansible.parsing.vault import VaultSecret

from ansible_collections.msp.autotask.plugins.plugin_utils._vault import VaultFiles

from .running import SECRET, House, profile

OTHER = VaultSecret(b"another one")
# What a run may be started with that encrypts nothing, and what it says then.
NOTHING_TO_ENCRYPT_WITH = {
    "no password": (lambda: VaultFiles([]), "--vault-password-file"),
    "two identities": (lambda: VaultFiles([("dev", SECRET), ("prod", OTHER)]), "vault_encrypt_identity"),
    "an unknown identity": (lambda: VaultFiles([("dev", SECRET)], "prod"), "--vault-id prod@"),
}


@pytest.mark.parametrize("check", [False, True], ids=["", "check"])
@pytest.mark.parametrize("way", ["ticket", "runsheet"])
@pytest.mark.parametrize("started", NOTHING_TO_ENCRYPT_WITH)
def test_without_something_to_encrypt_with_nobody_is_asked(started: str, way: str, check: bool, house: House) -> None:
    house.files_of_run, words = NOTHING_TO_ENCRYPT_WITH[started]
    before = house.state(), house.files()
    result = house.ensure(profile("tinsel"), check=check, apply_via=way)
    assert result.get("code") == "vault" and words in result["msg"], result
    assert (house.state(), house.files()) == before


@pytest.mark.parametrize("check", [False, True], ids=["", "check"])
def test_a_new_vendor_is_not_asked_for_with_the_wrong_password(check: bool, house: House) -> None:
    """What else is recorded for the tenant has another one; that of other tenants counts where it is recorded."""
    house.set_up(profile("tinsel"))
    before = house.state()
    house.files_of_run = lambda: VaultFiles([("default", OTHER)])
    result = house.ensure(profile("wicker"), check=check)
    assert result.get("code") == "vault" and "tinsel.yml can't be decrypted" in result["msg"], result
    assert house.state() == before


@pytest.mark.parametrize("check", [False, True], ids=["", "check"])
def test_a_secret_is_not_replaced_by_one_that_can_not_be_kept(check: bool, house: House) -> None:
    house.set_up(profile("tinsel"))
    before = house.state()
    house.files_of_run = lambda: VaultFiles([("dev", SECRET), ("prod", OTHER)])
    result = house.rotate(check=check)
    assert result.get("code") == "vault" and "vault_encrypt_identity" in result["msg"], result
    assert house.state() == before
