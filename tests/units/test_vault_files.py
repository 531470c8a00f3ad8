# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Secrets in an encrypted file: everything in it is text, only its owner reads it, and what can't be read is named and never quoted."""

from __future__ import annotations

import stat
import subprocess
import sys
from pathlib import Path

import pytest
import yaml
from ansible.parsing.vault import VaultLib, VaultSecret, is_encrypted

from ansible_collections.msp.autotask.plugins.module_utils._errors import AutotaskError
from ansible_collections.msp.autotask.plugins.plugin_utils._vault import VaultFiles

SECRETS = [("default", VaultSecret(b"only-for-tests"))]
FILES = VaultFiles(SECRETS)


def encrypted(path: Path, content: str) -> str:
    """The path of a file that somebody wrote by hand and encrypted."""
    path.write_bytes(VaultLib().encrypt(content, secret=SECRETS[0][1]))
    return str(path)


def test_what_was_written_is_read_as_text_and_is_its_owners(tmp_path: Path) -> None:
    path = tmp_path / "kept" / "example.yml"
    assert FILES.read(str(path)) is None
    FILES.write(str(path), {"secret": "{{ 7*7 }}"})
    assert is_encrypted(path.read_bytes()) and FILES.read(str(path)) == {"secret": "{{ 7*7 }}"}
    assert stat.S_IMODE(path.stat().st_mode) == 0o600 and stat.S_IMODE(path.parent.stat().st_mode) == 0o700
    assert [one.name for one in path.parent.iterdir()] == ["example.yml"]


def test_ansible_vault_shows_what_was_written(tmp_path: Path) -> None:
    path, password = tmp_path / "example.yml", tmp_path / "password"
    FILES.write(str(path), {"secret": "{{ 7*7 }}"})
    password.write_text("only-for-tests\n")
    command = [str(Path(sys.executable).with_name("ansible-vault")), "view", "--vault-password-file", str(password), str(path)]
    shown = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=True, timeout=60).stdout
    assert yaml.safe_load(shown) == {"secret": "{{ 7*7 }}"}


def test_what_somebody_wrote_by_hand_is_text(tmp_path: Path) -> None:
    path = encrypted(tmp_path / "by-hand.yml", "a: !unsafe Se{cret\nb: 0012\nc: yes\nd: 2026-01-01\ne:\nf: 1e5\n")
    assert FILES.read(path) == {"a": "Se{cret", "b": "0012", "c": "yes", "d": "2026-01-01", "e": "", "f": "1e5"}


@pytest.mark.parametrize("content", ["secret: %Se(ret", "secret: @Se(ret", "- Se(ret", "Se(ret", "secret: 'Se(ret"])
def test_what_can_not_be_read_is_named_and_not_quoted(content: str, tmp_path: Path) -> None:
    path = encrypted(tmp_path / "by-hand.yml", content)
    with pytest.raises(AutotaskError) as caught:
        FILES.read(path)
    assert path in str(caught.value) and "is not a mapping in YAML" in str(caught.value) and "Se(ret" not in str(caught.value)


@pytest.mark.parametrize("secrets", [[], [("default", VaultSecret(b"another"))]], ids=["none", "another"])
def test_nothing_is_read_or_written_without_the_vault_secret(secrets: list[tuple[str, VaultSecret]], tmp_path: Path) -> None:
    path = encrypted(tmp_path / "example.yml", "secret: Se(ret")
    before = Path(path).read_bytes()
    with pytest.raises(AutotaskError):
        VaultFiles(secrets).read(path)
    if not secrets:
        with pytest.raises(AutotaskError):
            VaultFiles(secrets).write(path, {"secret": "other"})
    assert Path(path).read_bytes() == before


def test_a_file_that_is_not_encrypted_is_left_as_it_is(tmp_path: Path) -> None:
    path = tmp_path / "plain.yml"
    path.write_text("secret: in the open\n")
    for do in (lambda: FILES.read(str(path)), lambda: FILES.write(str(path), {"secret": "other"})):
        with pytest.raises(AutotaskError) as caught:
            do()
        assert "isn't encrypted" in str(caught.value) and "in the open" not in str(caught.value)
    assert path.read_text() == "secret: in the open\n"


IDENTITIES = [("prod", VaultSecret(b"of prod")), ("dev", VaultSecret(b"of dev"))]


@pytest.mark.parametrize(
    ("secrets", "chosen", "label"),
    [
        (IDENTITIES, "dev", "dev"),
        (IDENTITIES, "prod", "prod"),
        (IDENTITIES[1:], "", "dev"),
        ([*SECRETS, *IDENTITIES], "default", "default"),
        ([*IDENTITIES[:1], ("prod", VaultSecret(b"the one before"))], "", "prod"),
    ],
)
def test_what_an_identity_encrypts_has_its_label_and_opens_with_it_alone(
    secrets: list[tuple[str, VaultSecret]], chosen: str, label: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = str(tmp_path / "example.yml")
    VaultFiles(secrets, chosen).write(path, {"secret": "Se(ret"})
    head = Path(path).read_text().splitlines()[0].split(";")
    assert head[:3] == ["$ANSIBLE_VAULT", "1.1" if label == "default" else "1.2", "AES256"] and head[3:] == [label][: label != "default"]
    own = [next(one for one in secrets if one[0] == label)]
    # As ansible-vault does where DEFAULT_VAULT_ID_MATCH is set: only the identity of the label is tried.
    monkeypatch.setattr("ansible.constants.DEFAULT_VAULT_ID_MATCH", True)
    assert VaultFiles(own).read(path) == VaultFiles(secrets).read(path) == {"secret": "Se(ret"}
    with pytest.raises(AutotaskError, match="can't be decrypted"):
        VaultFiles([one for one in secrets if one[0] != label] or [("other", VaultSecret(b"other"))]).read(path)


@pytest.mark.parametrize(("chosen", "reason"), [("", "vault_encrypt_identity"), ("test", "--vault-id test@")])
def test_without_an_identity_that_encrypts_nothing_is_written_and_all_is_read(chosen: str, reason: str, tmp_path: Path) -> None:
    path = tmp_path / "example.yml"
    VaultFiles(IDENTITIES, "dev").write(str(path), {"secret": "Se(ret"})
    before, files = path.read_bytes(), VaultFiles(IDENTITIES, chosen)
    attempts = (files.check_secrets, lambda: files.write(str(path), {"secret": "new"}), lambda: files.write_new(str(tmp_path / "new"), {}))
    for attempt in attempts:
        with pytest.raises(AutotaskError, match=reason) as caught:
            attempt()
        assert '"prod" and "dev"' in str(caught.value)
    assert path.read_bytes() == before and [one.name for one in tmp_path.iterdir()] == ["example.yml"]
    assert files.read(str(path)) == {"secret": "Se(ret"}


HEADER = b"$ANSIBLE_VAULT;1.1;AES256\n"


@pytest.mark.parametrize(
    "text",
    [
        b"<<<<<<< HEAD\n%s3130\n=======\n%s3131\n>>>>>>> theirs\n" % (HEADER, HEADER),
        b"%s<<<<<<< HEAD\n3130\n=======\n3131\n>>>>>>> x\n" % HEADER,
    ],
)
def test_what_git_could_not_merge_is_told_as_that(text: bytes, tmp_path: Path) -> None:
    path = tmp_path / "example.yml"
    path.write_bytes(text)
    for attempt in (lambda: FILES.read(str(path)), lambda: FILES.write(str(path), {}), lambda: FILES.check_writable(str(path))):
        with pytest.raises(AutotaskError, match=r"example.yml has the marks of a merge conflict.*--ours"):
            attempt()
    assert path.read_bytes() == text
