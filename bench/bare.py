# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The floor: the requests of `playbooks/uri.yml` with nothing around them, one tenant after the other. A program of its own: PLAN."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

import requests

LEFT_OUT = {"work365": ["BillingCodes"]}
"""The entities that a vendor's user asks for one by one."""
COUNTED = {"beecastle": ["Companies", "Contacts"], "work365": ["Companies", "Contacts"]}
"""The entities of which a vendor's user sees only a part, and how much is counted."""

USER, TICKET = ["id", "isActive", "firstName", "lastName", "userType"], ["id", "status", "externalID"]
"""The fields that are read of a user and a ticket."""


class Tenant:
    """The REST API of a tenant as one of its users."""

    def __init__(self, address: str, headers: dict[str, str]) -> None:
        self._address = address
        self._session = requests.Session()
        self._session.trust_env = False
        self._session.headers.update(headers)

    def get(self, path: str, **search: Any) -> Any:
        """The JSON of a GET, of a query if there is something to search for."""
        params = {"search": json.dumps(search)} if search else None
        return self._answer(self._session.get(self._address + path, params=params, timeout=30))

    def count(self, entity: str) -> int:
        """How many records of an entity the user sees."""
        query = {"filter": [{"op": "gte", "field": "id", "value": 0}]}
        return int(self._answer(self._session.post(f"{self._address}{entity}/query/count", json=query, timeout=30))["queryCount"])

    def _answer(self, response: requests.Response) -> Any:
        response.raise_for_status()
        return response.json()


def check_tenant(ours: Tenant) -> None:
    """Reads what the tenant itself tells of its levels, users and change tickets."""
    used = ours.get("ThresholdInformation")
    assert used["currentTimeframeRequestCount"] < used["externalRequestThreshold"]
    assert ours.get("Resources/entityInformation/fields")["fields"]
    assert ours.get("Resources/query", filter=[_is("eq", "licenseType", 7)], IncludeFields=USER)["items"]
    assert ours.get("Companies/0")["item"]["countryID"]
    assert ours.get("Tickets/entityInformation/fields")["fields"]
    found = ours.get("Tickets/query", filter=[_is("beginsWith", "externalID", "msp.autotask/")], IncludeFields=TICKET)["items"]
    tickets = [ticket["id"] for ticket in found]
    items = ours.get("TicketChecklistItems/query", filter=[_is("in", "ticketID", tickets)])["items"]
    assert items and all(item["isCompleted"] for item in items)
    assert ours.get("TicketNotes/query", filter=[_is("in", "ticketID", tickets), _is("beginsWith", "title", "msp.autotask: record")])[
        "items"
    ]


def check_access(vendor: str, theirs: Tenant) -> None:
    """Reads what a vendor's user may do."""
    assert theirs.get("EntityInformation")["entityDescriptions"]
    for entity in LEFT_OUT.get(vendor, []):
        assert theirs.get(f"{entity}/entityInformation")["info"]
    for entity in COUNTED.get(vendor, []):
        assert theirs.count(entity)


def _is(operator: str, field: str, value: object) -> dict[str, object]:
    return {"op": operator, "field": field, "value": value}


def main() -> None:
    """Checks every tenant of the plan."""
    for tenant in json.loads(Path(sys.argv[1]).read_text(encoding="utf-8")):
        check_tenant(Tenant(tenant["address"], tenant["ours"]))
        for vendor, headers in tenant["vendors"].items():
            check_access(vendor, Tenant(tenant["address"], headers))


if __name__ == "__main__":
    main()
