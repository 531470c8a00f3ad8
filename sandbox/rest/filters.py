# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The query language: from the JSON of a filter to a test of a record (Autotask help, REST_Basic_Query_Calls)."""

from __future__ import annotations

import operator
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from sandbox.model import Record
from sandbox.rest.call import Chosen
from sandbox.rest.entities import Entity, Field
from sandbox.rest.errors import RestError, bad_value, unknown_field
from sandbox.rest.values import comparable

MAX_RECORDS = 500
MAX_OR_CONDITIONS = 500

Test = Callable[[Record], bool]

_COMPARE: dict[str, Callable[[Any, Any], bool]] = {
    "eq": operator.eq,
    "noteq": operator.ne,
    "gt": operator.gt,
    "gte": operator.ge,
    "lt": operator.lt,
    "lte": operator.le,
    "beginswith": lambda value, wanted: str(value).startswith(str(wanted)),
    "endswith": lambda value, wanted: str(value).endswith(str(wanted)),
    "contains": lambda value, wanted: str(wanted) in str(value),
    "in": lambda value, wanted: value in wanted,
    "notin": lambda value, wanted: value not in wanted,
}
_INDEXED = ("id", "externalid", "ticketid")


@dataclass(frozen=True)
class Query:
    """A query that has been understood. `equal` names indexed fields with the value they must have, to narrow the search."""

    test: Test
    equal: Mapping[str, Any]
    size: int
    chosen: Chosen | None


def parse(model: Any, entity: Entity) -> Query:
    """Reads a query's JSON: perhaps `filter`, `MaxRecords` and `IncludeFields`, in any case. RestError if it can't be understood.

    Without any condition it finds everything, as clients of the live service expect; a help page says that a filter is needed.
    """
    query = _lower(model)
    conditions = [] if query.get("filter") in (None, {}) else query["filter"]
    if not isinstance(conditions, list):
        raise RestError("The filter must be a list of conditions.")
    counter = _Counter()
    tests = [_test(condition, entity, counter) for condition in conditions]
    return Query(_all(tests), _equal(conditions, entity), _size(query.get("maxrecords")), _chosen(query.get("includefields"), entity))


class _Counter:
    """Counts what a single query may not have too many of."""

    def __init__(self) -> None:
        self.alternatives = 0
        self.udfs: set[str] = set()

    def check(self) -> None:
        if self.alternatives > MAX_OR_CONDITIONS:
            raise RestError(f"Queries are limited to {MAX_OR_CONDITIONS} or fewer 'OR' conditions.")
        if len(self.udfs) > 1:
            raise RestError("A query can have only one user-defined field.")


def _lower(model: Any) -> dict[str, Any]:
    if not isinstance(model, dict):
        raise RestError("Value cannot be null.\r\nParameter name: queryModel")
    return {str(name).lower(): value for name, value in model.items()}


def _test(condition: Any, entity: Entity, counter: _Counter) -> Test:
    parts = _lower(condition)
    op = str(parts.get("op", "")).lower()
    if op in ("and", "or"):
        items = parts.get("items")
        if not isinstance(items, list) or not items:
            raise RestError(f"An '{op}' condition needs items.")
        counter.alternatives += len(items) if op == "or" else 0
        tests = [_test(item, entity, counter) for item in items]
        return _all(tests) if op == "and" else _any(tests)
    field, value_of = _field(str(parts.get("field", "")), bool(parts.get("udf")), entity, counter)
    counter.check()
    if op in ("exist", "notexist"):
        return lambda record: (value_of(record) is not None) == (op == "exist")
    if op not in _COMPARE:
        # Measured on a live tenant: a misspelt operator is not rejected and every row comes back.
        return lambda record: True
    return _comparison(_COMPARE[op], field, value_of, _wanted(op, field, parts.get("value")))


def _comparison(compare: Callable[[Any, Any], bool], field: Field, value_of: Callable[[Record], Any], wanted: Any) -> Test:
    def test(record: Record) -> bool:
        # A comparison with nothing is never true, as in SQL.
        value = comparable(field, value_of(record))
        return value is not None and wanted is not None and compare(value, wanted)

    return test


def _wanted(op: str, field: Field, value: Any) -> Any:
    try:
        if op not in ("in", "notin"):
            return comparable(field, value)
        if isinstance(value, list):
            return {comparable(field, item) for item in value}
    except ValueError:
        pass
    raise RestError(bad_value(value, field.name, field.type))


def _field(name: str, udf: bool, entity: Entity, counter: _Counter) -> tuple[Field, Callable[[Record], Any]]:
    """The field that a condition names, and how a record's value of it is read."""
    if udf:
        counter.udfs.add(name.lower())
        own = entity.udf_named(name)
        if own is None:
            raise RestError(unknown_field(name, entity.name))
        return own, lambda record: own.of(record.get("userDefinedFields", {}))
    field = entity.field_named(name)
    if field is None or not field.queryable:
        raise RestError(unknown_field(name, entity.name))
    return field, field.of


def _all(tests: list[Test]) -> Test:
    return tests[0] if len(tests) == 1 else lambda record: all(test(record) for test in tests)


def _any(tests: list[Test]) -> Test:
    return lambda record: any(test(record) for test in tests)


def _equal(conditions: list[Any], entity: Entity) -> dict[str, Any]:
    """Fields with an index that every row of the answer has with one known value."""
    equal: dict[str, Any] = {}
    for condition in map(_lower, conditions):
        op, name, value = str(condition.get("op")).lower(), str(condition.get("field")).lower(), condition.get("value")
        if op == "and":
            equal |= _equal(condition["items"], entity)
        elif op == "eq" and name in _INDEXED and not condition.get("udf") and value != "" and str(value).isascii():
            field = entity.by_lower_name[name]
            equal[field.name] = comparable(field, value)
    return equal


def _size(value: Any) -> int:
    if value is None:
        return MAX_RECORDS
    if isinstance(value, int) and not isinstance(value, bool) and 1 <= value <= MAX_RECORDS:
        return value
    raise RestError(f"MaxRecords must be a number from 1 to {MAX_RECORDS}.")


def _chosen(names: Any, entity: Entity) -> Chosen | None:
    """The fields that the caller wants to see, user-defined ones among them, the id always; None for all."""
    if not names:
        return None
    if not isinstance(names, list):
        raise RestError("IncludeFields must be a list of fields.")
    fields, udfs = ["id"], []
    for name in map(str, names):
        if field := entity.field_named(name):
            fields.append(field.name)
        elif own := entity.udf_named(name):
            udfs.append(own.name)
        else:
            raise RestError(unknown_field(name, entity.name))
    return Chosen(tuple(dict.fromkeys(fields)), tuple(dict.fromkeys(udfs)))
