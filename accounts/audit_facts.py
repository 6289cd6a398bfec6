"""What a change changed, as names and values that a person can read years later. Never a secret."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from django.db.models import Model, QuerySet
from django.forms import BaseForm, ModelChoiceField

SECRET = re.compile(r"password|secret|token|hash|(^|_)key($|_)|seed|credential|post_data|get_data|epoch", re.IGNORECASE)
HIDDEN = "(not shown)"


@dataclass(frozen=True)
class Facts:
    before: dict[str, Any] = field(default_factory=dict)
    after: dict[str, Any] = field(default_factory=dict)


def facts_of_row(row: Model) -> dict[str, Any]:
    """Everything a row says of itself, as it stands in the database. Secrets are only named."""
    fields = [each for each in row._meta.concrete_fields if not each.primary_key]
    return {each.name: _guarded(each.name, readable(_value_of(row, each))) for each in fields}


def facts_of_change(form: BaseForm, formsets: Iterable[Any]) -> Facts:
    """The fields that a valid form changed, and the rows that its formsets added, changed and removed."""
    facts = _of_form(form)
    for formset in formsets:
        name = str(formset.model._meta.verbose_name_plural)
        for side, rows in (("before", _rows_before(formset)), ("after", _rows_after(formset))):
            if rows:
                getattr(facts, side)[name] = rows
    return facts


def _of_form(form: BaseForm) -> Facts:
    facts = Facts()
    for name in form.changed_data:
        if form.initial.get(name) is not None:
            facts.before[name] = _guarded(name, _initial(form, name))
        facts.after[name] = _guarded(name, readable(form.cleaned_data.get(name)))
    return facts


def _rows_before(formset: Any) -> dict[str, Any]:
    removed = {str(row): facts_of_row(row) for row in formset.deleted_objects}
    changed = {str(form.instance): _of_form(form).before for form in _changed(formset)}
    return removed | changed


def _rows_after(formset: Any) -> dict[str, Any]:
    added = {str(row): facts_of_row(row) for row in formset.new_objects}
    changed = {str(form.instance): _of_form(form).after for form in _changed(formset)}
    return added | changed


def _changed(formset: Any) -> list[Any]:
    rows = [row for row, _names in formset.changed_objects]
    return [form for form in formset.initial_forms if form.instance in rows]


def _initial(form: BaseForm, name: str) -> Any:
    """A choice by its name, where the form begins with a number."""
    value, asked = form.initial.get(name), form.fields.get(name)
    if isinstance(asked, ModelChoiceField) and isinstance(value, int | str):
        model = asked.queryset.model if asked.queryset is not None else None
        found = model._base_manager.filter(pk=value).first() if model else None
        return readable(found or value)
    return readable(value)


def readable(value: Any) -> Any:
    """A value as JSON can hold it: rows by their names, all that is no number, truth or list as text."""
    if isinstance(value, Model) or not isinstance(
        value, bool | int | float | str | list | tuple | dict | QuerySet | None
    ):
        return str(value)
    if isinstance(value, QuerySet | list | tuple):
        return [readable(each) for each in value]
    return value


def _value_of(row: Model, each: Any) -> Any:
    if each.remote_field is None:
        return each.value_from_object(row)
    return getattr(row, each.name)


def _guarded(name: str, value: Any) -> Any:
    return HIDDEN if SECRET.search(name) and value else value
