"""The frame of every page. These tests may not touch the database: neither may what they test."""

from django.contrib.auth.models import AnonymousUser
from django.test import RequestFactory

from lykeion.accounts.models import User
from lykeion.learn.context import navigation
from lykeion.ui.types import Link


def asked(path, user):
    request = RequestFactory().get(path)
    request.user = user
    return request


def test_a_visitor_is_offered_to_sign_in_and_to_come_back():
    context = navigation(asked("/courses/course-v1:A+B+C/about", AnonymousUser()))
    menu, places = context["account_menu"], list(context["nav_items"])

    back = "?next=%2Fcourses%2Fcourse-v1%3AA%2BB%2BC%2Fabout"
    assert menu.label == ""
    assert list(menu.items) == [Link("Sign in", f"/account/login/{back}"), Link("Sign up", f"/account/signup/{back}")]
    assert places == [Link("Courses", "/courses")]


def test_a_person_sees_their_name_and_where_they_are():
    context = navigation(asked("/dashboard", User(username="alice")))
    menu, places = context["account_menu"], list(context["nav_items"])

    assert menu.label == "alice"
    assert [(link.label, link.post) for link in menu.items][-1] == ("Sign out", True)
    assert places == [Link("My courses", "/dashboard", current=True), Link("Courses", "/courses")]
