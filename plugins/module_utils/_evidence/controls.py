# Copyright: msp.autotask contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)

"""Which part of an evidence bundle speaks to which control of a standard, and what it doesn't show. Private to the collection.

In our own words: none of this is a text of the standards, and none of it says that a control is met.
"""

from __future__ import annotations

from dataclasses import dataclass

SOC_2, ISO_27001 = "SOC 2", "ISO 27001:2022"


@dataclass(frozen=True)
class Control:
    """A control of a standard: what it is about, the parts of a bundle that speak to it, what they show, and what they don't."""

    standard: str
    control: str
    about: str
    parts: tuple[str, ...]
    shows: str
    lacks: str


CONTROLS = (
    Control(
        SOC_2,
        "CC6.1",
        "Logical access is restricted to who needs it",
        ("profile", "plan", "access"),
        "What each integration may do in Autotask as it was decided, with the source of each decision; what of it was read, seen by its effect, or only "
        "attested; and what its API users may really do.",
        "The access of people, other systems, networks and keys; settings of a level that REST doesn't show are attested, not seen.",
    ),
    Control(
        SOC_2,
        "CC6.2",
        "Access is registered and authorised before it is given, and taken away when it is no longer needed",
        ("attestation", "api_users", "unlisted"),
        "Which change asked for each API user and level, when it was opened and closed, who ticked off which step and when; which API users are active, and "
        "which integrations are set up and listed no more.",
        "Who decided that the vendor gets access: that is in the review of the inventory and in the contract. Who else knows a secret.",
    ),
    Control(
        SOC_2,
        "CC6.3",
        "Access follows roles and least privilege, and is changed and removed with them",
        ("profile", "access", "attestation"),
        "The rights of each role of an integration, expected access against effective access, before and now; the steps of each change of them.",
        "That asking for a change and carrying it out are different people's work: the bundle names who ticked off, not who approved. Rights of people.",
    ),
    Control(
        ISO_27001,
        "A.5.15",
        "There are rules of who may access what, and they are applied",
        ("profile", "plan"),
        "The rules for each integration as data with their hash, and how far the tenant follows them.",
        "The policy that they follow from, and rules for anything else than the integrations that are listed.",
    ),
    Control(
        ISO_27001,
        "A.5.18",
        "Access rights are given, reviewed, changed and removed",
        ("attestation", "access", "api_users", "unlisted"),
        "Each change with its steps, people and times; access of two dates beside each other; API users of no listed integration, and integrations that are "
        "listed no more.",
        "That somebody has reviewed it: keep that with the bundle. Changes that were made in the console without this collection show only by what differs.",
    ),
    Control(
        ISO_27001,
        "A.8.2",
        "Privileged access rights are few, and managed",
        ("profile", "access", "api_users"),
        "Which integrations have rights of administration, such as over resources, by their levels and by what they may really do; who has which level.",
        "Administrators among people, and the vendor's own side. Of levels that no listed integration has only the name is read.",
    ),
)
PARTS = {
    "profile": "Profile",
    "plan": "Plan",
    "attestation": "Attestation",
    "access": "Access",
    "api_users": "API users",
    "unlisted": "Unlisted",
}
