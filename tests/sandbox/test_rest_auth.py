# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Who is let in by REST, and how the others are sent away."""

from __future__ import annotations

from http.client import HTTPConnection

import pytest

from tests.sandboxes import Rest, Sandbox, Tenant, running, take

LOGIN = (
    "Web Services API|Feature Access|Can login to Web Services API (Access to version 1.6 & later is limited to API User security levels)|"
)


def status(rest: Rest, **headers: str) -> int:
    """The status of a cheap call with some of the credentials replaced."""
    return rest.call("GET", "Version", headers=headers).status_code


def test_the_printed_credentials_let_in(rest: Rest) -> None:
    assert rest.ask("GET", "Version")["majorVersion"]


def test_header_names_and_path_are_read_in_any_case(tenant: Tenant) -> None:
    lower = Rest(f"{tenant.address}/ATServicesRest/V1.0/", {name.lower(): value for name, value in tenant.rest.headers.items()})
    assert lower.ask("GET", "tickets/QUERY/Count", params={"search": '{"filter":[{"op":"exist","field":"ID"}]}'}) == {"queryCount": 4}


@pytest.mark.parametrize("header", ["UserName", "Secret", "ApiIntegrationCode"])
def test_a_wrong_or_missing_credential_is_an_empty_401_that_does_not_say_which(tenant: Tenant, header: str) -> None:
    for headers in ({header: "wrong"}, {header: ""}):
        response = tenant.rest.call("GET", "Version", headers=headers)
        assert (response.status_code, response.content) == (401, b"")
        assert response.headers["WWW-Authenticate"].startswith('Basic Realm="webservices')


def test_a_key_is_no_good_in_another_tenant(sandbox: Sandbox, rest: Rest) -> None:
    stranger = sandbox.tenants["birch"].rest.headers
    assert status(rest, UserName=rest.headers["UserName"].split("@")[0] + "@birch.example.net") == 401
    assert status(rest, ApiIntegrationCode=stranger["ApiIntegrationCode"]) == 401


def test_three_wrong_secrets_in_a_row_lock_the_user(tenant: Tenant) -> None:
    for _time in range(3):
        assert status(tenant.rest, Secret="wrong") == 401
    assert status(tenant.rest) == 401
    assert tenant.set_user({})["locked"] is True
    tenant.set_user({"locked": False})
    assert status(tenant.rest) == 200


def test_a_right_secret_between_wrong_ones_starts_the_count_anew(rest: Rest) -> None:
    for _time in range(3):
        assert [status(rest, Secret="wrong"), status(rest, Secret="wrong"), status(rest)] == [401, 401, 200]


def test_an_inactive_user_is_not_let_in(tenant: Tenant) -> None:
    tenant.set_user({"active": False})
    assert status(tenant.rest) == 401


def test_only_active_levels_that_may_log_in_to_the_api_are_let_in(tenant: Tenant) -> None:
    level = tenant.level()["id"]
    tenant.control("PATCH", f"levels/{level}", {"cells": {LOGIN: False}})
    assert status(tenant.rest) == 401
    tenant.control("PATCH", f"levels/{level}", {"cells": {LOGIN: True}, "active": False})
    assert status(tenant.rest) == 401
    tenant.control("PATCH", f"levels/{level}", {"active": True})
    assert status(tenant.rest) == 200
    tenant.set_user({"level": "Full Access (system)"})
    assert status(tenant.rest) == 401


def test_the_tracking_identifier_must_be_the_one_of_this_user(tenant: Tenant) -> None:
    vendor, code = next(iter(tenant.access["integration_vendors"].items()))
    assert status(tenant.rest, ApiIntegrationCode=code) == 401
    tenant.set_user({"tracking": "vendor", "vendor": vendor})
    assert status(tenant.rest, ApiIntegrationCode=code) == 200
    assert status(tenant.rest) == 401
    tenant.set_user({"tracking": "none", "vendor_id": None})
    assert status(tenant.rest, ApiIntegrationCode=code) == 401
    assert status(tenant.rest, ApiIntegrationCode="") == 401


def test_the_zone_of_a_user_is_this_server_and_needs_no_credentials(tenant: Tenant) -> None:
    anonymous = Rest(tenant.access["rest_url"], {})
    zone = anonymous.ask("GET", "ZoneInformation", params={"user": tenant.access["user_name"]})
    assert zone["url"] == f"{tenant.address}/ATServicesRest/"
    assert zone["webUrl"] == f"{tenant.address}/"
    assert anonymous.refused("GET", "zoneInformation", params={"user": "nobody@example.org"}) == [
        "Zone information could not be determined"
    ]


def test_each_tenant_has_its_own_database_whoever_of_it_asks(spare_tenants: list[Tenant]) -> None:
    found = []
    for tenant in (take(spare_tenants), take(spare_tenants)):
        anonymous = Rest(tenant.access["rest_url"], {})
        names = (tenant.access["user_name"], tenant.access["console_user"])
        found.append({anonymous.ask("GET", "ZoneInformation", params={"user": name})["ci"] for name in names})
    assert [len(numbers) for numbers in found] == [1, 1] and found[0] != found[1]


def test_an_unknown_address_is_an_html_404_even_without_credentials(tenant: Tenant) -> None:
    response = Rest(tenant.access["rest_url"], {}).call("GET", "SecurityLevels")
    assert response.status_code == 404
    assert response.headers["Content-Type"].startswith("text/html")


def test_a_refused_request_leaves_its_connection_open(tenant: Tenant) -> None:
    connection = HTTPConnection(tenant.address.removeprefix("http://"))
    for path in ("Nowhere", "Tickets/1", "Tickets"):
        connection.request("POST", f"/atservicesrest/v1.0/{path}", body="{}" * 50_000)
        connection.getresponse().read()
        assert connection.sock is not None
    connection.close()


def test_a_new_user_is_refused_until_its_time_has_come(tmp_path_factory: pytest.TempPathFactory) -> None:
    for delay, expected in (("600000", 401), ("0", 200)):
        with running(tmp_path_factory.mktemp("delay"), "--tenants", "1", "--new-user-delay-ms", delay) as started:
            assert status(started.tenants["alder"].rest) == expected
