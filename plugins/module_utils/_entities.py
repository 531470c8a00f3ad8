# Copyright: msp.autotask contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)

"""Names of Autotask's REST API that several parts speak of, and the shapes of what it shows. Private to the collection."""

from __future__ import annotations

from typing import TypedDict

WEBHOOK_ENTITIES = ("CompanyWebhooks", "ConfigurationItemWebhooks", "ContactWebhooks", "TicketNoteWebhooks", "TicketWebhooks")
# What can be done with an entity, and the end of the name under which entityInformation tells whether the caller may.
OPERATIONS = {"query": "Query", "create": "Create", "update": "Update", "delete": "Delete"}


class LevelFacts(TypedDict):
    """A security level as REST shows it. The name has no suffix; `system` says that it can't be changed."""

    id: int
    name: str
    active: bool
    system: bool


class UserFacts(TypedDict):
    """An API user as REST shows it: `user_name` is its key without the domain, level and location are by name."""

    id: int
    user_name: str
    first_name: str
    last_name: str
    email: str
    active: bool
    security_level: str
    location: str


class Observed(TypedDict):
    """Levels and API users, which are read together."""

    levels: list[LevelFacts]
    api_users: list[UserFacts]
