# Copyright: msp.autotask contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)

"""Why a task failed, in the words of those who know, without Ansible's around them. Private to the collection."""

from __future__ import annotations

import re

# From ansible-core 2.19 on: what failed, from the outside to the inside.
AROUND = re.compile(
    r"^(?:(?:Task|Action|Module) failed: |Finalization of task args for '[^']*' failed: |Error while resolving value for '[^']*': |"
    r"The lookup plugin 'msp\.autotask\.\w+' failed: )+"
)
# Before, where a lookup of ours is what failed: each template around it, and its words twice.
AROUND_TEMPLATES = re.compile(
    r"^An unhandled exception occurred while .*running the lookup plugin 'msp\.autotask\.\w+'\. Error was a <class '[^']*'>, original message: ",
    re.DOTALL,
)
BETWEEN = ". "


def reason_of(message: str) -> str:
    """What a failed result's message says; as it stands, where nothing is around it."""
    inner = AROUND_TEMPLATES.sub("", message)
    return AROUND.sub("", message) if inner == message else _once(inner)


def _once(text: str) -> str:
    """What a text says twice."""
    half = (len(text) - len(BETWEEN)) // 2
    return text[:half] if half > 0 and text == f"{text[:half]}{BETWEEN}{text[:half]}" else text
