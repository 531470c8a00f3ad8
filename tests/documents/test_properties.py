# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
"""What holds for every document and every plan."""

from __future__ import annotations

import json
from dataclasses import asdict, replace

from hypothesis import example, given
from hypothesis import strategies as st

from ansible_collections.msp.autotask.plugins.module_utils._catalogue.effects import EFFECTS
from ansible_collections.msp.autotask.plugins.module_utils._documents.api_user import parse_user, render_user, user_facts
from ansible_collections.msp.autotask.plugins.module_utils._documents.copied_levels import flattened
from ansible_collections.msp.autotask.plugins.module_utils._documents.names import LONGEST_NAME, OTHER_SECTIONS
from ansible_collections.msp.autotask.plugins.module_utils._documents.security_level import (
    FULL,
    Level,
    level_of,
    parse_level,
    render_settings,
    wanted_cells,
    whole_sections,
)
from ansible_collections.msp.autotask.plugins.module_utils._documents.webhook_limit import WEBHOOK_CELLS, WebhookLimit, limit_cells
from ansible_collections.msp.autotask.plugins.module_utils._objects.security_level import SecurityLevel
from ansible_collections.msp.autotask.plugins.module_utils._plan.checklist import items
from ansible_collections.msp.autotask.plugins.module_utils._plan.level_steps import level_steps
from ansible_collections.msp.autotask.plugins.module_utils._plan.step import LONGEST_SENTENCE, applied
from ansible_collections.msp.autotask.plugins.module_utils._plan.user_steps import user_steps

from .strategies import CATALOGUE, cells, copies, levels, sections, terms, truths, users


def facts(level):
    return {"active": level.active, **wanted_cells(level, CATALOGUE)}


def pressed(level, new=False):
    return whole_sections(level, CATALOGUE, new)


def worked_as_a_whole(steps):
    return {section for step in steps if isinstance(step.value, list) for section in step.value}


@given(levels(), terms)
def test_parsing_what_was_rendered_gives_the_same_level(level, words):
    written = {
        "name": level.name,
        "copy_of": level.copy_of,
        "baseline": level.baseline,
        "active": level.active,
        "settings": render_settings(level.cells, CATALOGUE, words),
    }
    assert parse_level(written, CATALOGUE) == level


@given(copies(), terms)
def test_parsing_a_rendered_copy_gives_the_same_level_and_source(level, words):
    written = {"name": level.name, "copy_of": level.copy_of, "active": level.active, **_written(level, words)}
    assert parse_level({**written, "source": _written(level.source, words)}, CATALOGUE) == level


def _written(level, words):
    return {"baseline": level.baseline, "sections": dict(level.sections), "settings": render_settings(level.cells, CATALOGUE, words)}


@given(copies())
def test_a_kept_document_gives_the_same_level(level):
    assert level_of(json.loads(json.dumps(asdict(level))), CATALOGUE) == level


@given(copies(), copies())
def test_a_copy_of_a_copy_can_be_told_in_one_go(first, second):
    told = replace(second, source=flattened(first, CATALOGUE))
    assert told.source.source is None
    assert wanted_cells(told, CATALOGUE) == wanted_cells(replace(second, source=first), CATALOGUE)


@given(users())
def test_parsing_what_was_rendered_gives_the_same_user(user):
    assert parse_user(render_user(user)) == user


@given(levels(), terms)
def test_a_new_level_becomes_as_desired(level, words):
    steps = level_steps(level.name, None, facts(level), CATALOGUE, words, "API User (system)", whole=pressed(level, new=True))
    there = applied(steps, {})
    assert {fact: there.get(fact, "missing") for fact in facts(level)} == facts(level)


@example(
    Level("0", "API User (system)", "none", False, {"timesheets.payroll_reports": False, "wsapi.can_login": True}, {"Timesheets": FULL}),
    {cell_id: True for cell_id in CATALOGUE.by_cell},
    {},
)
@given(levels(whole=sections), truths, terms)
def test_a_new_level_with_whole_sections_becomes_as_desired(level, copied, words):
    steps = level_steps(level.name, None, facts(level), CATALOGUE, words, "API User (system)", whole=pressed(level, new=True))
    there = applied(steps, copied)
    # The editor clears what needs a box with that box.
    cleared = {cell_id: cell.least for cell_id, (setting, cell) in CATALOGUE.by_cell.items() if there.get(setting.needs) is False}
    assert facts(level).items() <= {**there, **cleared}.items()


@given(copies(), truths, terms)
def test_a_copy_of_a_known_source_becomes_as_desired(level, rest, words):
    """Whatever the source holds in the cells that nobody decides."""
    known = wanted_cells(level.source, CATALOGUE)
    steps = level_steps(level.name, None, facts(level), CATALOGUE, words, level.copy_of, whole=pressed(level, new=True), copied=known)
    assert facts(level).items() <= applied(steps, {**rest, **known}).items()


@given(levels(st.just("copy"), sections), truths, st.data(), terms)
def test_a_copy_keeps_every_cell_that_nobody_named(level, truth, data, words):
    """A new one, and one of which something is known; but for the webhooks of a new one whose whole section is set."""
    new = data.draw(st.booleans())
    known = None if new else {cell_id: truth[cell_id] for cell_id in data.draw(st.sets(st.sampled_from(list(truth))))}
    steps = level_steps(level.name, known, facts(level), CATALOGUE, words, "API User (system)", whole=pressed(level, new))
    there = applied(steps, {"name": level.name, "active": not level.active, **truth})
    changed = {fact for fact, value in there.items() if value != {"name": level.name, "active": not level.active, **truth}[fact]}
    assert changed <= {*facts(level), *(WEBHOOK_CELLS if new and "Other" in level.sections else ())}


@given(levels(st.just("copy"), sections), truths)
def test_a_copy_presses_only_the_buttons_of_sections_that_somebody_named(level, truth):
    for known in (None, {}, truth):
        steps = level_steps(level.name, known, facts(level), CATALOGUE, whole=pressed(level, known is None))
        assert worked_as_a_whole(steps) <= set(level.sections)


@given(copies())
def test_a_new_copy_of_a_known_level_presses_no_more_than_its_own_sections(level):
    known = wanted_cells(level.source, CATALOGUE)
    steps = level_steps(level.name, None, facts(level), CATALOGUE, whole=pressed(level, new=True), copied=known)
    assert worked_as_a_whole(steps) <= set(level.sections)


@given(copies(), truths, st.data(), terms)
def test_a_copy_that_is_there_becomes_as_desired_whatever_is_known_of_it(level, truth, data, words):
    known = {cell_id: truth[cell_id] for cell_id in data.draw(st.sets(st.sampled_from(list(truth))))}
    steps = level_steps(level.name, known, facts(level), CATALOGUE, words, whole=pressed(level))
    assert facts(level).items() <= applied(steps, {"active": not level.active, **truth}).items()


@given(levels(whole=sections), truths, st.data(), terms)
def test_a_level_of_which_something_is_known_becomes_as_desired(desired, truth, data, words):
    """Whatever stands in the cells that nobody has seen. What is unknown is never left to chance."""
    known = {cell_id: truth[cell_id] for cell_id in data.draw(st.sets(st.sampled_from(list(truth))))}
    steps = level_steps(desired.name, known, facts(desired), CATALOGUE, words, whole=pressed(desired))
    assert facts(desired).items() <= applied(steps, {"active": not desired.active, **truth}).items()


operations = st.dictionaries(
    st.sampled_from(sorted({operation for shown in EFFECTS.values() for operation in shown})),
    st.sampled_from(["All", "None", "Restricted"]),
)


def people_are_asked(level, attested, access, exists):
    """The steps that people are asked for, of a level that REST shows or doesn't."""
    source = {"name": level.copy_of, "active": True, "system": True}
    shown = [source, {"name": level.name, "active": True, "system": False}] if exists else []
    seen = {}
    for operation, found in access.items():
        entity, _colon, verb = operation.partition(":")
        seen.setdefault(entity, {})[verb] = found
    rest = {entity: {"query": "None", "create": "None", "update": "None", "delete": "None", **verbs} for entity, verbs in seen.items()}
    thing = SecurityLevel(level, CATALOGUE, {}, {"levels": shown, "api_users": []}, rest)
    return thing.plan(asdict(attested) if attested else None).steps


@given(levels(whole=sections), st.none() | levels(whole=sections), operations, st.booleans())
def test_every_other_section_is_asked_for_only_where_all_that_have_a_name_are_named(level, attested, access, exists):
    steps = people_are_asked(level, attested, access, exists)
    asked = [step for step in steps if OTHER_SECTIONS in step.sets]
    known = exists and attested is not None and attested.baseline == "none" and attested.active
    assert len(asked) == (level.active and level.baseline == "none" and not known)
    if asked:
        told = " ".join(step.text for step in steps)
        assert all(f'"{setting.section}"' in told for setting, _cell in CATALOGUE.by_cell.values())


@given(levels(st.just("none"), sections))
def test_what_was_attested_with_every_section_cleared_is_asked_for_nothing(level):
    """Also where it was attested before sections were known that nobody has a name for."""
    assert people_are_asked(replace(level, active=True), replace(level, active=True), {}, exists=True) == []


@given(levels(whole=sections), truths, st.data())
def test_the_webhook_limit_of_an_existing_level_is_left_alone(desired, truth, data):
    """Unless the level's own settings name it; another module owns it."""
    known = {cell_id: truth[cell_id] for cell_id in data.draw(st.sets(st.sampled_from(list(truth))))}
    steps = level_steps(desired.name, known, facts(desired), CATALOGUE, whole=pressed(desired))
    if not set(WEBHOOK_CELLS) & set(desired.cells):
        there = applied(steps, truth)
        assert {cell_id: there[cell_id] for cell_id in WEBHOOK_CELLS} == {cell_id: truth[cell_id] for cell_id in WEBHOOK_CELLS}


@given(copies())
def test_nothing_is_to_be_done_for_a_copy_that_is_as_desired(level):
    assert level_steps(level.name, facts(level), facts(level), CATALOGUE, whole=pressed(level)) == []


@given(levels(), levels(), terms)
def test_a_known_level_becomes_as_desired(observed, desired, words):
    known = facts(observed)
    there = applied(level_steps(desired.name, known, facts(desired), CATALOGUE, words, whole=pressed(desired)), known)
    assert {fact: there.get(fact, "missing") for fact in facts(desired)} == facts(desired)


@given(levels(), cells(), terms)
def test_a_half_known_level_becomes_as_desired(desired, known, words):
    there = applied(level_steps(desired.name, known, facts(desired), CATALOGUE, words, whole=pressed(desired)), known)
    assert {fact: there.get(fact, "missing") for fact in facts(desired)} == facts(desired)


@given(st.integers(0, 999))
def test_a_webhook_limit_of_which_nothing_is_known_touches_nothing_else(maximum):
    steps = level_steps("A", {}, limit_cells(WebhookLimit("A", maximum)), CATALOGUE)
    assert {fact for step in steps for fact in step.sets} == set(WEBHOOK_CELLS)


@given(levels())
def test_nothing_is_to_be_done_for_what_is_as_desired(level):
    assert level_steps(level.name, facts(level), facts(level), CATALOGUE) == []


@given(levels(st.just("none")), levels(st.just("none")))
def test_a_plan_between_known_levels_touches_only_what_differs(observed, desired):
    known, wanted = facts(observed), facts(desired)
    for step in level_steps(desired.name, known, wanted, CATALOGUE):
        assert all(known[fact] != value or wanted[fact] == value for fact, value in step.sets.items() if fact in known)


@given(st.integers(0, 999), st.integers(0, 999))
def test_a_webhook_limit_becomes_as_desired(before, after):
    known, wanted = limit_cells(WebhookLimit("A", before)), limit_cells(WebhookLimit("A", after))
    assert applied(level_steps("A", known, wanted, CATALOGUE), known) == wanted


@given(users())
def test_a_new_user_becomes_as_desired(user):
    there = applied(user_steps(user.name, None, user_facts(user), "Record it."), {"lines_of_business": [], "locked": False})
    assert {fact: there.get(fact, "missing") for fact in user_facts(user)} == user_facts(user)


@given(users(), users())
def test_a_known_user_becomes_as_desired_but_for_its_tracking_identifier(observed, desired):
    known = user_facts(observed)
    there = applied(user_steps(desired.name, known, user_facts(desired), "Record it."), known)
    wanted = {fact: value for fact, value in user_facts(desired).items() if fact != "tracking"}
    assert {fact: there.get(fact, "missing") for fact in wanted} == wanted


@given(users())
def test_an_existing_users_credentials_are_never_touched(user):
    steps = user_steps(user.name, {}, user_facts(user), "Record it.")
    assert not [step for step in steps if "Generate" in step.text or step.page == "credentials"]


@given(levels(), terms, st.integers(10, 40))
def test_lines_keep_every_step_in_its_order_and_fit(level, words, usual):
    steps = level_steps("N" * LONGEST_NAME, None, facts(level), CATALOGUE, words, "API User (system)", whole=pressed(level, new=True))
    lines = items(steps, usual, None)
    assert [step for line in lines for step in line.steps] == steps
    assert all(len(line.text) <= LONGEST_SENTENCE for line in lines)
    packed = items(steps, usual, 1000)
    assert [step for line in packed for step in line.steps] == steps
    assert len(packed) <= len(lines)
    assert all(len(line.text) <= LONGEST_SENTENCE for line in packed)


@given(levels(st.just("none")))
def test_parents_are_ticked_before_what_needs_them(level):
    seen = {}
    for step in level_steps(level.name, None, facts(level), CATALOGUE, whole=pressed(level), copy_of="API User (system)"):
        for cell_id, value in step.sets.items():
            setting, cell = CATALOGUE.by_cell.get(cell_id, (None, None))
            if setting and setting.needs and value != cell.least:
                assert seen.get(setting.needs) is True, (cell_id, step.text)
        seen.update(step.sets)


@given(levels(st.just("none")))
def test_the_one_way_box_is_ticked_again_before_the_level_is_saved(level):
    steps = level_steps(level.name, None, facts(level), CATALOGUE, whole=pressed(level), copy_of="API User (system)")
    saves = [index for index, step in enumerate(steps) if step.target == "Save & Close"]
    assert saves == [len(steps) - 1]
    assert applied(steps[:-1], {})["wsapi.can_login"] is level.cells["wsapi.can_login"]
