# Copyright: msp.autotask contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)

"""Which certificates a server's is verified with, and who has named them. Private to the collection."""

from __future__ import annotations

import os

OPTION = "AUTOTASK_CA_PATH"
# Those that requests looks at where no option names any, and those that other programs look at and requests doesn't.
OF_REQUESTS = ("REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE")
OF_OTHERS = ("SSL_CERT_FILE", "SSL_CERT_DIR")


def trusted(ca_path: str) -> tuple[str, str]:
    """The file or folder, and what names it: an option or a variable of the environment. Both empty where the usual ones are trusted."""
    if ca_path:
        return ca_path, OPTION if os.environ.get(OPTION) == ca_path else "ca_path"
    name = next((name for name in OF_REQUESTS if os.environ.get(name)), "")
    return os.environ.get(name, ""), name


def refused(ca_path: str) -> str:
    """Why a server's certificate may not have been believed, and what to do."""
    path, name = trusted(ca_path)
    if name:
        return f"It was verified with {path}, which {name} names. Does that hold the certificates of your network, and is it up to date?"
    others = [other for other in OF_OTHERS if os.environ.get(other)]
    without = f" {' and '.join(others)} counts for other programs, and not here." if others else ""
    return f"Behind an inspecting proxy, set `ca_path` to its certificate.{without}"


def missing(ca_path: str) -> str:
    """What is wrong where the certificates can't be read."""
    path, name = trusted(ca_path)
    return (
        f"{name or 'the Python library certifi'} names {path or 'certificates'} to trust, and that can't be read. Correct it, or unset it."
    )
