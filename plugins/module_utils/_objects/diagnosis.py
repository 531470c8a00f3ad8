# Copyright: msp.autotask contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)

"""Why an integration doesn't work: its profile's list of failures, with what was found. Private to the collection."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from .._catalogue.model import Catalogue
from .._catalogue.terms import Terms
from .._credentials.store import Store
from .._diagnosis.checks import diagnose
from .._diagnosis.model import Seen
from .._diagnosis.model import Wanted as WantedUserOf
from .._diagnosis.observe import facts_of, observe
from .._edge.context import connect_recorded, guard_of
from .._edge.options import Params
from .._rest.client import Client
from .wanted import Wanted, WantedUser

# What is looked at whatever the profile lists.
ALWAYS = ("credentials", "user_active", "security_level", "access", "webhooks", "lines_of_business", "modules")
LEADS = {"fault": "Cause", "suspect": "Perhaps", "unknown": "Unknown"}


def checks_of(profile: Mapping[str, Any]) -> list[str]:
    """What to look at for a profile: what is always looked at, and what its list of failures and its prerequisites name."""
    of_issues = [check for issue in profile["common_issues"] for check in issue["checks"]]
    of_prerequisites = [entry["check"] for entry in profile["prerequisites"] if entry["check"]]
    return list(dict.fromkeys([*ALWAYS, *of_issues, *of_prerequisites]))


def diagnosed(wanted: Sequence[Wanted], params: Params, client: Client, store: Store, catalogue: Catalogue) -> list[list[dict[str, Any]]]:
    """What was found for each API user of each integration: `integration`, `user`, `findings` and `causes`. Reads only, and the tenant's own facts once."""
    found, known = [], dict[str, Any]()
    for one in wanted:
        results = []
        for user in one.users:
            result, seen = _of_user(one, user, params, client, store, catalogue, known)
            known |= facts_of(seen)
            results.append(result)
        found.append(results)
    return found


def _of_user(
    wanted: Wanted, user: WantedUser, params: Params, client: Client, store: Store, catalogue: Catalogue, known: Mapping[str, Any]
) -> tuple[dict[str, Any], Seen]:
    profile = wanted.profile or {}
    level = next((one for one in wanted.resolved.levels if one.level.name == user.security_level), None) if wanted.resolved else None
    data: Mapping[str, Any] = next((one for one in profile["api_users"] if one["key"] == user.key), {})
    terms: Terms = params["local_terms"]
    unassigned = data.get("unassigned_items")
    meant = WantedUserOf(
        user.first_name,
        user.last_name,
        user.security_level,
        webhooks=(level.webhooks or {}).get("maximum", 0) if level else 0,
        lines_of_business=tuple(data.get("lines_of_business") or ()),
        unassigned_items=True if unassigned is None else unassigned,
        terms=terms,
        cells=level.level.cells if level else {},
        catalogue=catalogue,
    )
    recorded = store.read(user.record_as)
    own = connect_recorded(params, user.record_as, recorded, client.zone.url, guard_of(store, user.record_as)) if recorded else None
    checks = checks_of(profile)
    seen = observe(client, own, recorded.user_name if recorded else "", meant, user.expected, checks, known)
    findings, causes = diagnose(meant, seen, checks)
    return {"integration": wanted.integration, "user": user.name, "findings": findings, "causes": causes}, seen


def told(wanted: Wanted, tenant: str, results: Sequence[Mapping[str, Any]]) -> list[str]:
    """What was found, in lines for people: the causes, then the guide's own list of failures, then what else is not as it should be."""
    issues = (wanted.profile or {}).get("common_issues", [])
    count = sum(len(result["causes"]) for result in results)
    lines = [f"{wanted.vendor} on {tenant}: {count or 'no'} {'cause' if count == 1 else 'causes'} found."]
    for issue in issues:
        # By itself it would read as what was found.
        lines += [f'The guide\'s case "{issue["symptom"]}":', *_of_issue(issue, results)]
    listed = [check for issue in issues for check in issue["checks"]]
    others = list(_findings(results, lambda finding, roots: finding["check"] not in [*listed, *roots], listed, ("fault", "suspect")))
    if others:
        lines.append("Besides" if listed else "Found")
    for result, finding in others:
        lines += _lines(finding, result, len(results) > 1)
    return lines


def _of_issue(issue: Mapping[str, Any], results: Sequence[Mapping[str, Any]]) -> list[str]:
    checks = issue["checks"]
    found = list(_findings(results, lambda finding, roots: finding["check"] in [*checks, *roots], checks, tuple(LEADS)))
    lines = [line for result, finding in found for line in _lines(finding, result, len(results) > 1)]
    if not checks:
        lines.append(f"  For a person to look at: {issue['fix']}")
    elif not any(finding["verdict"] != "unknown" for _result, finding in found):
        lines.append(f"  Nothing wrong was found here. The guide's own advice: {issue['fix']}")
    return lines


def _findings(
    results: Sequence[Mapping[str, Any]], belongs: Any, checks: Sequence[str], verdicts: Iterable[str]
) -> Iterator[tuple[Any, Any]]:
    """The findings of some verdicts, worst first, that follow from no other; `belongs` is told the checks that explain those of `checks`."""
    for verdict in verdicts:
        for result in results:
            roots = [one["follows_from"] for one in result["findings"] if one["check"] in checks and one["follows_from"]]
            for finding in result["findings"]:
                if finding["verdict"] == verdict and not finding["follows_from"] and belongs(finding, roots):
                    yield result, finding


def _lines(finding: Mapping[str, Any], result: Mapping[str, Any], several: bool) -> list[str]:
    whose = f"{result['user']}: " if several else ""
    lines = [f"  {LEADS[finding['verdict']]}: {whose}{finding['cause']}"]
    if finding["proof"]:
        lines.append(f"    Proof: {finding['proof']}")
    if finding["fix"]:
        lines.append(f"    Fix: {finding['fix']}")
    return lines
