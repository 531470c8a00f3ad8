# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
"""What is special about writing certain entities. All others have the rules of `Rules`, which are none."""

from __future__ import annotations

import uuid

from sandbox import credentials, tickets
from sandbox.model import API_LICENSE, Record
from sandbox.rest.call import Call, parent_of
from sandbox.rest.entities import CREATE, DELETE, ENTITIES, UPDATE, Entity
from sandbox.rest.errors import RestError, bad_reference, not_permitted
from sandbox.rest.impersonation import actor
from sandbox.store import WEBHOOK_ENTITIES


class Rules:
    """What happens beyond storing what was sent. Each may raise a RestError, and then nothing is stored."""

    def new(self, call: Call, entity: Entity, record: Record) -> Record:
        """What a new record gets in addition."""
        return {}

    def changed(self, call: Call, entity: Entity, record: Record, changes: Record) -> Record:
        """What changes in addition, or instead."""
        return {}

    def save(self, call: Call, entity: Entity, record: Record, changes: Record) -> None:
        """Stores a change."""
        call.store.update(call.tenant_id, entity.path, record["id"], changes)

    def deleting(self, call: Call, entity: Entity, record: Record) -> None:
        """Before a record is deleted."""

    def after(self, call: Call, entity: Entity, record: Record) -> None:
        """After a record was created, changed or deleted."""


class Tickets(Rules):
    """Tickets: a queue or somebody to work on it, a number, and when they are complete."""

    def new(self, call: Call, entity: Entity, record: Record) -> Record:
        self._check(record)
        number = record.get("ticketNumber") or tickets.new_number(call.store, call.tenant_id)
        return {"ticketNumber": number, "creatorType": 1} | tickets.status_stamps(None, record["status"], actor(call, entity, CREATE))

    def changed(self, call: Call, entity: Entity, record: Record, changes: Record) -> Record:
        self._check(record | changes)
        status = changes.get("status", record["status"])
        if record["status"] == tickets.COMPLETE and not call.caller.rights.value("complete tickets"):
            # Measured on a live tenant: a change of status may be answered with 200 and yet not happen.
            status = record["status"]
        return {"status": status} | tickets.status_stamps(record["status"], status, actor(call, entity, UPDATE))

    def _check(self, record: Record) -> None:
        if record.get("queueID") is None and record.get("assignedResourceID") is None:
            raise RestError("queueID is required")
        if (record.get("assignedResourceID") is None) != (record.get("assignedResourceRoleID") is None):
            raise RestError("assignedResourceID and assignedResourceRoleID are required together")


class ChecklistItems(Rules):
    """Checklist items: not more than a ticket may have, and who ticked them off."""

    def new(self, call: Call, entity: Entity, record: Record) -> Record:
        items = call.store.query(call.tenant_id, entity.path, ticketID=record["ticketID"])
        if len(items) >= tickets.MAX_CHECKLIST_ITEMS:
            raise RestError(f"A ticket can have no more than {tickets.MAX_CHECKLIST_ITEMS} checklist items.")
        done = bool(record.get("isCompleted"))
        last = max((item.get("position") or 0 for item in items), default=0)
        position = last + 1 if record.get("position") is None else record["position"]
        flags = {"isCompleted": done, "isImportant": bool(record.get("isImportant")), "position": position}
        return flags | tickets.tick_stamps(False, done, call.caller.user.id)

    def changed(self, call: Call, entity: Entity, record: Record, changes: Record) -> Record:
        done = bool(changes.get("isCompleted", record["isCompleted"]))
        given = changes.get("position")
        position = {"position": record["position"] if given is None else given}
        return {"isCompleted": done} | position | tickets.tick_stamps(record["isCompleted"], done, call.caller.user.id)


class Contacts(Rules):
    """Contacts: those that tickets and other things need stay (Autotask help, ContactsEntity)."""

    def deleting(self, call: Call, entity: Entity, record: Record) -> None:
        needed = any(call.store.query(call.tenant_id, path, **{field: record["id"]}) for path, field in _NEED_CONTACTS)
        if needed or record.get("primaryContact"):
            raise RestError("The contact can not be deleted: it is a primary contact, or belongs to a ticket, a ticket note or a device.")


_NEED_CONTACTS = (
    ("Tickets", "contactID"),
    ("Tickets", "createdByContactID"),
    ("TicketNotes", "createdByContactID"),
    ("ConfigurationItems", "installedByContactID"),
)


class Countries(Rules):
    """Countries: one of them, an active one, is the default (Autotask help, CountriesEntity)."""

    def changed(self, call: Call, entity: Entity, record: Record, changes: Record) -> Record:
        after = record | changes
        if record.get("isDefaultCountry") and not (after["isDefaultCountry"] and after["isActive"]):
            raise RestError("There must always be an active default country.")
        return {}

    def after(self, call: Call, entity: Entity, record: Record) -> None:
        current = call.store.get(call.tenant_id, entity.path, record["id"])
        if current and current.get("isDefaultCountry"):
            for other in call.store.query(call.tenant_id, entity.path, isDefaultCountry=True):
                if other["id"] != record["id"]:
                    call.store.update(call.tenant_id, entity.path, other["id"], {"isDefaultCountry": False})


class Departments(Rules):
    """Departments: the system's own keeps its name (Autotask help, DepartmentsEntity)."""

    def changed(self, call: Call, entity: Entity, record: Record, changes: Record) -> Record:
        if record["name"] == _SYSTEM_DEPARTMENT and changes.get("name", record["name"]) != record["name"]:
            raise RestError(f"The name of the system department {_SYSTEM_DEPARTMENT} can not be changed.")
        return {}


_SYSTEM_DEPARTMENT = "Administration"


class Charges(Rules):
    """Charges of tickets: material codes with their prices, and the sums; what was billed stays (Autotask help, TicketChargesEntity)."""

    def new(self, call: Call, entity: Entity, record: Record) -> Record:
        prices = self._prices(call, entity, {}, record)
        return {"isBilled": False, "status": 1} | prices | self._sums(record | prices)

    def changed(self, call: Call, entity: Entity, record: Record, changes: Record) -> Record:
        self._check_unbilled(record, UPDATE)
        prices = self._prices(call, entity, record, changes)
        return prices | self._sums(record | changes | prices)

    def deleting(self, call: Call, entity: Entity, record: Record) -> None:
        self._check_unbilled(record, DELETE)

    def _check_unbilled(self, record: Record, verb: str) -> None:
        if record.get("isBilled"):
            raise RestError(f"A charge that was billed can not be {verb}d.")

    def _prices(self, call: Call, entity: Entity, before: Record, given: Record) -> Record:
        """The cost and the price of a code that is new, where none are given. RestError unless it is a material code."""
        number = given.get("billingCodeID")
        if number is None or number == before.get("billingCodeID"):
            return {}
        code = call.store.get(call.tenant_id, "BillingCodes", number) or {}
        if code.get("useType") != _MATERIAL_CODE:
            raise RestError(bad_reference("billingCodeID", entity.fields["billingCodeID"].reference))
        return {name: code.get(name) for name in ("unitCost", "unitPrice") if given.get(name) is None}

    def _sums(self, record: Record) -> Record:
        quantity = record["unitQuantity"]
        cost, price = ((record.get(name) or 0.0) * quantity for name in ("unitCost", "unitPrice"))
        return {"extendedCost": cost, "billableAmount": price}


_MATERIAL_CODE = 4
"""`BillingCodes.useType` of material codes."""


class Resources(Rules):
    """Resources: people are records like others, API users are known to the store as such."""

    def changed(self, call: Call, entity: Entity, record: Record, changes: Record) -> Record:
        name = str(changes.get("userName", record["userName"]))
        if call.store.user_name_taken(call.tenant_id, name, record["id"]):
            raise RestError(f"The user name [{name}] is already in use.")
        return {}

    def save(self, call: Call, entity: Entity, record: Record, changes: Record) -> None:
        if record["licenseType"] == API_LICENSE and call.caller.tenant.options.get("api_user_patch") == "ignored":
            return
        super().save(call, entity, record, changes)
        if record["licenseType"] == API_LICENSE:
            known = {"active": changes.get("isActive"), "key": changes.get("userName")}
            call.store.update_api_user(call.tenant_id, record["id"], **{name: value for name, value in known.items() if value is not None})


class Webhooks(Rules):
    """Webhooks: as many as the level allows, owned and changed by who made them. Their secret is never handed out again."""

    def new(self, call: Call, entity: Entity, record: Record) -> Record:
        owner = call.caller.user.id
        maximum = int(call.caller.rights.value("maximum of webhooks"))
        owned = sum(len(call.store.query(call.tenant_id, kind, ownerResourceID=owner)) for kind in WEBHOOK_ENTITIES)
        if owned >= maximum:
            raise RestError(f"The maximum number of webhooks ({maximum}) for the security level of this resource has been reached.")
        given = {"ownerResourceID": owner, "webhookGUID": str(uuid.uuid4()), "isReady": False}
        return given | self._hidden(record)

    def changed(self, call: Call, entity: Entity, record: Record, changes: Record) -> Record:
        check_owner(call, record, UPDATE)
        # Some kinds declare isReady as writable; it follows from the webhook's fields all the same.
        return {"isReady": record["isReady"]} | self._hidden(changes)

    def deleting(self, call: Call, entity: Entity, record: Record) -> None:
        check_owner(call, record, DELETE)
        for child in ENTITIES.values():
            if child.below and child.below.parent == entity.path:
                for part in call.store.query(call.tenant_id, child.path, webhookID=record["id"]):
                    call.store.delete(call.tenant_id, child.path, part["id"])

    def _hidden(self, record: Record) -> Record:
        return {"secretKey": credentials.hashed(record["secretKey"])} if "secretKey" in record else {}


class WebhookParts(Rules):
    """What belongs to a webhook: written by its owner only. A webhook is ready once it is subscribed to a field, be it a user-defined one."""

    def new(self, call: Call, entity: Entity, record: Record) -> Record:
        check_owner(call, self._webhook(call, entity, record), CREATE)
        return {}

    def changed(self, call: Call, entity: Entity, record: Record, changes: Record) -> Record:
        check_owner(call, self._webhook(call, entity, record), UPDATE)
        return {}

    def deleting(self, call: Call, entity: Entity, record: Record) -> None:
        check_owner(call, self._webhook(call, entity, record), DELETE)

    def after(self, call: Call, entity: Entity, record: Record) -> None:
        kind = parent_of(entity).path.removesuffix("s")
        subscribed = any(
            call.store.query(call.tenant_id, kind + part, webhookID=record["webhookID"], isSubscribedField=True)
            for part in ("Fields", "UdfFields")
        )
        call.store.update(call.tenant_id, parent_of(entity).path, record["webhookID"], {"isReady": subscribed})

    def _webhook(self, call: Call, entity: Entity, record: Record) -> Record:
        webhook = call.store.get(call.tenant_id, parent_of(entity).path, record["webhookID"])
        if webhook is None:
            raise RestError(bad_reference("webhookID", parent_of(entity).name))
        return webhook


def check_owner(call: Call, webhook: Record, verb: str) -> None:
    """RestError unless the webhook is the caller's own."""
    if webhook["ownerResourceID"] != call.caller.user.id:
        raise not_permitted(verb)


def of(entity: Entity) -> Rules:
    """The rules of an entity."""
    return _RULES.get(entity.path) or _NONE


_NONE = Rules()
_RULES: dict[str, Rules] = {
    "Tickets": Tickets(),
    "TicketChecklistItems": ChecklistItems(),
    "TicketCharges": Charges(),
    "Contacts": Contacts(),
    "Countries": Countries(),
    "Departments": Departments(),
    "Resources": Resources(),
    **dict.fromkeys(WEBHOOK_ENTITIES, Webhooks()),
    **{path: WebhookParts() for path, entity in ENTITIES.items() if entity.below and entity.below.by == "webhookID"},
}
