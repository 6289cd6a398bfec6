"""The settings pages, all of them: for who opens the settings, and for who opens that part of them."""

from __future__ import annotations

import re
from typing import Any

import pytest
from django.contrib import admin
from django.test import Client

from accounts.models import UserType
from accounts.parts import Part, all_parts
from tests.matrix.doors import classes_of, routes
from tests.matrix.stage import Stage, every_chat, make_stage
from tests.matrix.table import MODULES, ROLES, Role

pytestmark = pytest.mark.django_db
PARAMETER = re.compile(r"<[^>]+>|\(\?P<[^>]+>(?:[^()]|\([^()]*\))*\)")
SIGNS = str.maketrans("", "", "^$")
MODELS = {f"{model._meta.app_label}/{model._meta.model_name}": model for model in admin.site._registry}
OUTSIDE = [role for role in ROLES if "admin" not in MODULES[role.kind]]
INSIDE = [role for role in ROLES if "admin" in MODULES[role.kind]]


@pytest.fixture
def stage() -> Stage:
    return make_stage()


def settings_paths() -> list[str]:
    """Every address of the settings, naming a row that is there if there is one, else 1."""
    found = [route for route, _pattern in routes() if classes_of(route) == ["settings"]]
    written = {"/" + PARAMETER.sub(key_for(route), route).translate(SIGNS).replace("\\Z", "") for route in found}
    return sorted(path for path in written if "*" not in path)


def key_for(route: str) -> str:
    """The key of the first row of the model that a route is about."""
    model = MODELS.get("/".join(route.split("/")[1:3]))
    return str((model and model._base_manager.values_list("pk", flat=True).first()) or 1)


def test_every_registered_model_has_its_addresses_here() -> None:
    paths = settings_paths()
    assert len(paths) > 40
    for model in admin.site._registry:
        assert any(path.startswith(f"/admin/{model._meta.app_label}/{model._meta.model_name}/") for path in paths)


@pytest.mark.parametrize("role", OUTSIDE, ids=[role.name for role in OUTSIDE])
def test_nobody_else_gets_past_the_door(role: Role, stage: Stage) -> None:
    every_chat(stage)
    browser = stage.browser(role)
    for path in settings_paths():
        for answer in (browser.get(path), browser.post(path, {"post": "yes", "action": "delete_selected"})):
            assert is_shut(answer), (path, answer.status_code)


def is_shut(answer: Any) -> bool:
    """To the way in, or the page that says no. Django's catch-all sends on to an address that is just as shut."""
    if answer.status_code in (301, 302):
        return "login" in answer["Location"] or answer.status_code == 301
    return answer.status_code in (403, 404, 405)


@pytest.mark.parametrize("role", INSIDE, ids=[role.name for role in INSIDE])
def test_who_opens_the_settings_gets_in(role: Role, stage: Stage) -> None:
    every_chat(stage)
    browser = stage.browser(role)
    for model in admin.site._registry:
        path = f"/admin/{model._meta.app_label}/{model._meta.model_name}/"
        assert browser.get(path).status_code in (200, 302), path


def test_no_address_of_the_settings_fails_for_an_admin(stage: Stage) -> None:
    every_chat(stage)
    browser = stage.browser(next(role for role in ROLES if role.name == "ada"))
    wrong = {path: code for path in settings_paths() if (code := browser.get(path).status_code) >= 500}
    assert wrong == {}


def test_a_settings_page_never_shows_a_stranger_what_is_there(stage: Stage) -> None:
    """The same words for a row that is there and for one that never was."""
    browser = Client()
    for model in admin.site._registry:
        base = f"/admin/{model._meta.app_label}/{model._meta.model_name}/"
        there, never = (browser.get(f"{base}{key}/change/") for key in (1, 999_999))
        assert there.status_code == never.status_code == 302
        assert there["Location"].replace("/1/", "/x/") == never["Location"].replace("/999999/", "/x/")


@pytest.mark.parametrize("part", all_parts(), ids=[part.key for part in all_parts()])
def test_who_has_one_part_opens_that_part_alone(part: Part, stage: Stage) -> None:
    every_chat(stage)
    UserType.objects.filter(name="Admin").update(admin_parts=[part.key])
    browser = stage.browser(next(role for role in ROLES if role.name == "ada"))
    opened = {label for label, path in changelists().items() if browser.get(path, follow=True).status_code == 200}
    assert opened == (part.models | part.looks_at) & set(changelists())
    for label, path in changelists().items():
        answer = browser.post(f"{path}add/", {"name": "x"})
        assert answer.status_code == 403 or label in part.models
    for path in ("/admin/review/", "/admin/coverage/"):
        assert (browser.get(path).status_code == 200) == (part.key == "accountability")


def test_every_model_of_the_settings_belongs_to_a_part() -> None:
    assert set(changelists()) <= {label for part in all_parts() for label in part.models}


def changelists() -> dict[str, str]:
    metas = [model._meta for model in admin.site._registry]
    return {meta.label_lower: f"/admin/{meta.app_label}/{meta.model_name}/" for meta in metas}
