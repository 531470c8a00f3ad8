# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Each cause that the vendors' guides name, brought about in the sandbox: the finding names it, proves it, and says what fixes it."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import pytest

from sandbox.operator.worker import Operator
from tests.sandbox.people import change_ticket, copy_level, new_api_user, sign_in, ticked
from tests.sandboxes import Rest, Tenant

from .playing import Played, Player, without_code, writes

WEBHOOKS = {"Other|Webhooks|Can create Webhooks|": True, "Other|Webhooks|Maximum number of Webhooks|": 20}
LOGIN = (
    "Web Services API|Feature Access|Can login to Web Services API (Access to version 1.6 & later is limited to API User security levels)|"
)
EXPECT = {
    "granted": ["Tickets:query", "Tickets:create", "Companies:query", "Contracts:query", "Products:query", "CompanyWebhooks:create"],
    "denied": ["Tickets:delete"],
}
CHECKS = [
    "credentials",
    "user_active",
    "security_level",
    "access",
    "webhooks",
    "own_country",
    "lines_of_business",
    "products_without_category",
    "modules",
]
SETTINGS = {
    "Contracts": {"Contracts": {"View": "Organizations"}, "Contract Visibility": "Full"},
    "Service Desk": {"Tickets": {"View": "All", "Add": True}},
}
Finding = dict[str, str]


@dataclass
class Integration:
    """An integration on a tenant of its own: the level "Example API", its user "Bee API", and what somebody does to them."""

    tenant: Tenant
    play: Player
    credentials: dict[str, str]

    def task(self, **options: Any) -> tuple[str, dict[str, Any]]:
        """A task that diagnoses it, with other options where they are given; None leaves one out."""
        usual = {
            "api_user": {"first_name": "Bee", "last_name": "API", "security_level": "Example API"},
            "credentials": self.credentials,
            "expect": EXPECT,
            "webhooks": 20,
            "settings": SETTINGS,
        }
        return "autotask_diagnosis_info", {name: value for name, value in {**usual, **options}.items() if value is not None}

    def diagnose(self, *variants: Mapping[str, Any]) -> Played:
        """Run the module once for each variant of its options."""
        return self.play(*(self.task(**variant) for variant in variants or [{}]))

    def cause(self, **options: Any) -> Finding:
        """The only cause that the module finds."""
        played = self.diagnose(options)
        [cause] = played[0]["causes"]
        assert cause["cause"] and cause["proof"] and cause["fix"] and self.credentials["secret"] not in played.output
        return dict(cause)

    def change_user(self, **changes: Any) -> None:
        """Somebody changes the user by hand."""
        [there] = [one for one in self.tenant.control("GET", "api-users") if one["first_name"] == "Bee"]
        self.tenant.control("PATCH", f"api-users/{there['id']}", changes)

    def change_level(self, **changes: Any) -> None:
        """Somebody changes the level by hand."""
        self.tenant.control("PATCH", f"levels/{self.tenant.level('Example API')['id']}", changes)

    def mended_by(self, fix: str, operator: Operator) -> None:
        """Somebody follows the sentences in the console, and then there is nothing left to be found."""
        ticket = change_ticket(self.tenant, *re.split(r'(?<=\.) (?=Level "|API user "|Open )', fix))
        operator.work()
        assert all(ticked(self.tenant, ticket)), fix
        assert self.diagnose()[0]["causes"] == []

    @property
    def rest(self) -> Rest:
        """REST as the user."""
        names = {"UserName": "user_name", "Secret": "secret", "ApiIntegrationCode": "integration_code"}
        return Rest(self.tenant.access["rest_url"], {header: self.credentials[name] for header, name in names.items()})


@pytest.fixture
def bee(tenant: Tenant, play: Player) -> Integration:
    """An integration that works."""
    tab = sign_in(tenant)
    copy_level(tab, "Example API")
    tab.press("Save & Close")
    headers = new_api_user(tab, "API", "API User (system)")
    tab.press("Save & Close")
    credentials = {"user_name": headers["UserName"], "secret": headers["Secret"], "integration_code": headers["ApiIntegrationCode"]}
    made = Integration(tenant, play, credentials)
    made.change_level(active=True, cells=WEBHOOKS)
    made.change_user(level="Example API")
    return made


def verdicts(result: Mapping[str, Any]) -> dict[str, str]:
    return {finding["check"]: finding["verdict"] for finding in result["findings"]}


def of(result: Mapping[str, Any], check: str) -> Finding:
    return next(finding for finding in result["findings"] if finding["check"] == check)


def test_an_integration_that_works(bee: Integration) -> None:
    before = writes(bee.tenant)
    whole, few, untried, blind = bee.diagnose(
        {}, {"checks": ["own_country", "credentials"]}, {"credentials": without_code(bee.credentials)}, {"credentials": None}
    ).results
    assert (whole["changed"], whole["user"], whole["causes"]) == (False, "Bee API", [])
    assert list(verdicts(whole).items()) == [(check, "fine") for check in CHECKS]
    assert all(finding["proof"] for finding in whole["findings"])
    assert verdicts(few) == {"credentials": "fine", "own_country": "fine"}
    # Without signing in, what can't be told is unknown, and says so.
    for result, reason in ((untried, "only the vendor can try"), (blind, "No credentials of this user are recorded")):
        assert result["causes"] == [] and set(verdicts(result).values()) == {"fine", "unknown"}
        unknown = {check for check, verdict in verdicts(result).items() if verdict == "unknown"}
        assert {"credentials", "access", "webhooks", "lines_of_business"} <= unknown
        assert reason in of(result, "credentials")["cause"] and all(of(result, check)["cause"] for check in unknown)
    assert writes(bee.tenant) == before


def test_there_is_no_such_user_or_only_an_ordinary_one(bee: Integration) -> None:
    level = {"security_level": "Example API"}
    nobody, ordinary = bee.diagnose(
        {"api_user": {"first_name": "Wasp", "last_name": "API", **level}},
        {"api_user": {**_person(bee.tenant), **level}},
    ).results
    [cause] = nobody["causes"]
    assert (
        cause["check"] == "user_active" and 'There is no API user "Wasp API"' in cause["cause"] and "msp.autotask.provision" in cause["fix"]
    )
    assert verdicts(nobody)["security_level"] == "unknown"
    assert "license type" in ordinary["causes"][0]["cause"]


def _person(tenant: Tenant) -> dict[str, str]:
    person = next(one for one in tenant.rest.find("Resources") if one["licenseType"] != 7)
    return {"first_name": person["firstName"], "last_name": person["lastName"]}


def test_several_users_of_that_name(bee: Integration) -> None:
    tab = sign_in(bee.tenant)
    second = new_api_user(tab, "API", "Example API")["UserName"]
    tab.press("Save & Close")
    sure, unsure = bee.diagnose({"credentials": None}, {}).results
    [cause] = sure["causes"]
    assert cause["check"] == "user_active" and second.partition("@")[0] in cause["proof"] and "Ask the vendor" in cause["fix"]
    # The recorded key tells which of them is meant, and so which are left over.
    found = of(unsure, "user_active")
    assert found["verdict"] == "suspect" and bee.credentials["user_name"].partition("@")[0] not in found["fix"]


def test_an_inactive_user_explains_that_it_can_not_sign_in(bee: Integration, operator: Operator) -> None:
    bee.change_user(active=False)
    result = bee.diagnose()[0]
    [cause] = result["causes"]
    assert (cause["check"], cause["proof"]) == ("user_active", 'Resources.isActive of "Bee API" is false (read).')
    refused = of(result, "credentials")
    assert (refused["verdict"], refused["follows_from"], refused["fix"]) == ("fault", "user_active", cause["fix"])
    assert of(result, "access")["verdict"] == "unknown"
    bee.mended_by(cause["fix"], operator)


def test_another_level_than_the_profile_asks_for(bee: Integration, operator: Operator) -> None:
    bee.change_user(level="msp.autotask provisioner")
    result = bee.diagnose()[0]
    [cause] = result["causes"]
    assert cause["check"] == "security_level"
    assert 'has the security level "msp.autotask provisioner" instead of "Example API"' in cause["cause"]
    assert "Resources.userType" in cause["proof"]
    for check in ("access", "webhooks"):
        assert (of(result, check)["verdict"], of(result, check)["follows_from"]) == ("fault", "security_level")
    bee.mended_by(cause["fix"], operator)


def test_a_level_that_is_not_there(bee: Integration) -> None:
    cause = bee.cause(api_user={"first_name": "Bee", "last_name": "API", "security_level": "Wasp API"})
    assert cause["check"] == "security_level" and 'no security level "Wasp API"' in cause["cause"] and "provision" in cause["fix"]


def test_an_inactive_level(bee: Integration, operator: Operator) -> None:
    bee.change_level(active=False)
    cause = bee.cause()
    assert (cause["check"], cause["cause"]) == ("security_level", 'The security level "Example API" is inactive.')
    assert "isActive of the pick-list value" in cause["proof"]
    bee.mended_by(cause["fix"], operator)


def test_what_autotask_refuses_alike_is_named_alike(bee: Integration) -> None:
    wrong = [{**bee.credentials, "secret": "not-the-secret"}, {**bee.credentials, "integration_code": "not-the-code"}]
    results = bee.diagnose(*({"credentials": credentials} for credentials in wrong)).results
    bee.change_user(locked=True)
    results += bee.diagnose().results
    bee.change_user(locked=False)
    bee.change_level(cells={LOGIN: False})
    results += bee.diagnose().results
    for result in results:
        [cause] = result["causes"]
        assert cause["check"] == "credentials" and "401 (effect)" in cause["proof"] and "is true (read)" in cause["proof"]
        assert all(words in cause["cause"] for words in ("Password (Secret)", "Tracking Identifier", "Locked", "may not log in", "alike"))
        assert "If Locked is ticked" in cause["fix"] and "Generate Secret" in cause["fix"] and "record_credentials" in cause["fix"]


def test_credentials_that_can_not_be_right(bee: Integration) -> None:
    access = bee.tenant.access
    key = bee.credentials["user_name"].partition("@")[0]
    wrong = [
        ({"user_name": "bee@example.com"}, "the user's e-mail address"),
        ({"user_name": "nobody@example.com"}, "no API user's key"),
        ({"user_name": f"{key}@nowhere.example.org"}, "wrong behind its @"),
        ({key: access[key] for key in ("user_name", "secret", "integration_code")}, 'another API user, "Provisioner API"'),
    ]
    played = bee.diagnose(*({"credentials": {**bee.credentials, **one}} for one, _words in wrong))
    for result, (_one, words) in zip(played.results, wrong, strict=True):
        [cause] = [finding for finding in result["causes"] if finding["check"] == "credentials"]
        assert words in cause["cause"] and cause["proof"] and "record_credentials" in cause["fix"]


def test_a_setting_that_is_missing_is_named(bee: Integration, operator: Operator) -> None:
    bee.change_level(cells={"Service Desk|Object Permissions|Tickets|Add": "No", "Contracts|Object Permissions|Contracts|View": "None"})
    cause = bee.cause()
    assert cause["check"] == "access" and "doesn't grant Contracts:query, Tickets:create" in cause["cause"]
    assert '"Service Desk > Object Permissions > Tickets > Add"' in cause["cause"] and "Contract Visibility" in cause["cause"]
    assert "Tickets create is None" in cause["proof"] and "(effect)" in cause["proof"]
    # What is to be set is what the profile says, and no more.
    assert 'set "Tickets" to Add "Yes"' in cause["fix"] and 'set "Contracts" to View "Organizations"' in cause["fix"]
    bee.mended_by(cause["fix"], operator)


def test_an_access_whose_setting_does_not_show(bee: Integration) -> None:
    bee.change_level(
        cells={
            "Inventory|Object Permissions|Products|View": "None",
            "Admin|Feature Access|Products, Services, & Inventory|": False,
            "Inventory|Object Permissions|Products|Add": "No",
        }
    )
    cause = bee.cause()
    assert "Products:query" in cause["cause"] and "doesn't show in REST" in cause["fix"]


def test_a_module_that_is_off_is_told_from_the_level(play: Player, sandbox: Any) -> None:
    play.tenant = sandbox.tenants["no-inventory"]
    access = play.tenant.access
    bee = Integration(play.tenant, play, {key: access[key] for key in ("user_name", "secret", "integration_code")})
    user = {"first_name": "Provisioner", "last_name": "API", "security_level": "msp.autotask provisioner"}
    needs, needs_not = bee.diagnose(
        {"api_user": user, "webhooks": None, "expect": {"granted": ["InventoryItems:query"]}},
        {"api_user": user, "webhooks": None, "expect": {"granted": ["Tickets:query"]}},
    ).results
    assert of(needs, "modules")["verdict"] == "suspect" and "off are the keys 6" in of(needs, "modules")["proof"]
    assert "a module that is switched off" in of(needs, "access")["cause"]
    assert of(needs_not, "modules")["verdict"] == "fine" and needs_not["causes"] == []


def test_more_than_asked_for_breaks_nothing(bee: Integration) -> None:
    result = bee.diagnose({"expect": {"denied": ["Contracts:create"]}})[0]
    assert result["causes"] == [] and of(result, "access")["verdict"] == "suspect" and "breaks nothing" in of(result, "access")["cause"]


def test_fewer_organizations(bee: Integration) -> None:
    bee.change_level(cells={"CRM|Organization & Contact Access|Vendor & Partners|": "None"})
    found = of(bee.diagnose()[0], "access")
    assert found["verdict"] == "suspect" and "the user sees 6, this run 8" in found["proof"] and "Contact Access" in found["fix"]


def test_webhooks_are_off(bee: Integration, operator: Operator) -> None:
    bee.change_level(cells={"Other|Webhooks|Can create Webhooks|": False})
    cause = bee.cause()
    assert cause["check"] == "webhooks" and '"Can create Webhooks" is not ticked' in cause["cause"]
    assert "create is None for CompanyWebhooks" in cause["proof"]
    bee.mended_by(cause["fix"], operator)
    assert bee.tenant.level("Example API")["cells"]["Other|Webhooks|Maximum number of Webhooks|"] == 20


def test_webhooks_at_their_maximum_and_inactive_ones(bee: Integration) -> None:
    for name in ("one", "two"):
        address = f"https://hooks.example.com/{name}"
        hook = {"name": name, "webhookUrl": address, "deactivationUrl": address, "secretKey": "s" * 20, "isActive": name == "one"}
        bee.rest.ask("POST", "CompanyWebhooks", json={**hook, "sendThresholdExceededNotification": False})
    full, inactive, unwanted = bee.diagnose({"webhooks": 2}, {"webhooks": 5}, {"webhooks": None, "expect": None}).results
    assert of(full, "webhooks")["verdict"] == "suspect" and "owns 2 webhooks" in of(full, "webhooks")["cause"]
    assert "REST doesn't show the number" in of(full, "webhooks")["cause"]
    assert of(inactive, "webhooks")["verdict"] == "suspect" and '"two"' in of(inactive, "webhooks")["cause"]
    assert of(unwanted, "webhooks")["verdict"] == "fine" and of(unwanted, "access")["verdict"] == "unknown"


def test_the_own_company_has_no_country(bee: Integration) -> None:
    bee.rest.ask("PATCH", "Companies", json={"id": 0, "countryID": None})
    cause = bee.cause()
    assert (cause["check"], cause["proof"]) == ("own_country", "Companies.countryID of ID 0 is null (read).")
    assert "set Country" in cause["fix"]
    # Where this run may not see the own company, nobody is accused.
    bee.tenant.set_cells({"CRM|Organization & Contact Access|Customer & Cancelation|": "None"})
    assert of(bee.diagnose()[0], "own_country")["verdict"] == "unknown"


def test_a_line_of_business_that_hides_something(bee: Integration, operator: Operator) -> None:
    bee.change_user(lines_of_business=["Cloud"])
    every, chosen = bee.diagnose({}, {"lines_of_business": ["Cloud", "Projects"]}).results
    [cause] = every["causes"]
    assert cause["check"] == "lines_of_business" and "without an error" in cause["cause"]
    assert re.search(r"Tickets: the user sees \d, this run \d", cause["proof"]) and "associate nothing" in cause["fix"]
    found = of(chosen, "lines_of_business")
    assert found["verdict"] == "suspect" and 'associate "Cloud" and "Projects", and nothing else' in found["fix"]
    bee.mended_by(cause["fix"], operator)


def test_products_without_a_category_and_inactive_ones(bee: Integration) -> None:
    bee.change_level(cells={"Inventory|Object Permissions|Products|Add": "Yes"})
    laptop, dock = bee.rest.find("Products")[:2]
    bee.rest.ask("PATCH", "Products", json={"id": dock["id"], "isActive": False})
    inactive = of(bee.diagnose()[0], "products_without_category")
    assert inactive["verdict"] == "suspect" and "1 products are inactive" in inactive["cause"]
    bee.rest.ask("PATCH", "Products", json={"id": laptop["id"], "productCategory": None})
    cause = bee.cause()
    assert cause["check"] == "products_without_category" and f'"{laptop["name"]}"' in cause["cause"]
    assert "Products.productCategory is null for 1 of 2 active products" in cause["proof"] and "set Product Category" in cause["fix"]
    # The run's own user may not read products, and the user of the integration can't be asked.
    assert of(bee.diagnose({"credentials": None})[0], "products_without_category")["verdict"] == "unknown"


def test_the_hourly_requests_are_used_up(bee: Integration, sandbox: Any) -> None:
    bee.play(("autotask_tenant_info", {"gather": ["zone"]}))  # the zone is remembered from before
    sandbox.control("POST", "faults", {"spec": "429@*"})
    try:
        busy = bee.diagnose({"retries": 0})[0]
    finally:
        sandbox.control("DELETE", "faults")
    [cause] = busy["causes"]
    assert cause["check"] == "modules" and "requests are used up" in cause["cause"] and "too busy" in cause["proof"]
    assert {verdict for check, verdict in verdicts(busy).items() if check != "modules"} == {"unknown"}
    # Our own limit is no fault of the tenant's.
    spent = bee.diagnose({"request_budget": 0.00001})[0]
    assert spent["causes"] == [] and "request_budget" in of(spent, "user_active")["proof"]


def test_what_keeps_the_run_itself_from_working_is_an_error(bee: Integration) -> None:
    refused, unknown = bee.diagnose({"secret": "not-the-secret"}, {"expect": {"granted": ["Tickets"]}}).results
    assert (refused["failed"], refused["code"]) == (True, "unauthorized")
    assert (unknown["failed"], unknown["code"]) == (True, "expectation")


def test_the_words_are_the_tenants(bee: Integration) -> None:
    bee.change_user(active=False)
    cause = bee.cause(local_terms={"organization": "Client"})
    assert "Admin (> Admin Categories) > Client Settings & Users > Resources/Users (HR) > Resources/Users" in cause["fix"]
