"""What a mail looks like to one person: words filled in, nothing that acts, plain text, headers."""

from __future__ import annotations

from time import process_time

import pytest
from pytest_django.fixtures import Settings

from lykeion.accounts.models import User
from lykeion.catalog.types import Run
from lykeion.notices import tokens, writing
from lykeion.notices.plain import plain
from lykeion.notices.types import Draft, MailError
from tests.notices.conftest import named


def test_words_are_filled_in_for_each_reader(offered: Run) -> None:
    html = "<p>%%USER_FULLNAME%% of <a href='%%COURSE_URL%%'>%%COURSE_DISPLAY_NAME%%</a> 100%% %%COURSE_END_DATE%%</p>"

    shown = writing.shown(Draft("To %%USER_FULLNAME%%", html, ()), offered, named("alice"))

    assert shown.subject == "To Alice"
    assert shown.text.startswith("Alice of Waters (http://testserver/courses/") or "Alice of Waters (http" in shown.text
    assert "100%% no end is set" in shown.text


def test_a_name_cannot_write_html_or_headers(offered: Run) -> None:
    User.objects.filter(username="alice").update(full_name="<b>A</b>\nBcc: x@example.org")

    made = writing.mail(Draft("%%USER_FULLNAME%%", "<p>%%USER_FULLNAME%%</p>", ()), offered, named("alice"), "", 1)

    assert made.subject == "<b>A</b> Bcc: x@example.org"
    assert "&lt;b&gt;A&lt;/b&gt;" in str(made.alternatives[0][0])
    assert made.message()["Bcc"] is None


@pytest.mark.parametrize(
    ("draft", "field", "words"),
    [
        (Draft(" ", "<p>x</p>", ()), "subject", "Write a subject"),
        (Draft("x" * 201, "<p>x</p>", ()), "subject", "longer than 200"),
        (Draft("x", "<p> </p>", ()), "html", "Write the text"),
        (Draft("x", "x" * 200_001, ()), "html", "longer than"),
        (Draft("x", "%%USER_FULNAME%%", ()), "html", "%%USER_FULNAME%% stands for nothing here. Did you mean %%USER_F"),
    ],
)
def test_what_cannot_be_sent_is_said(draft: Draft, field: str, words: str) -> None:
    with pytest.raises(MailError, match=words) as told:
        writing.check(draft)

    assert told.value.field == field


def test_nothing_acts_and_links_lead_here(settings: Settings) -> None:
    settings.SITE_URL = "https://learn.example.org"

    html = writing.clean(
        '<p onclick="a()">A<script>b()</script> <a href="/courses/x">here</a> <a href="javascript:c()">there</a></p>'
    )

    assert html == (
        '<p>A <a href="https://learn.example.org/courses/x" rel="noopener">here</a> <a rel="noopener">there</a></p>'
    )


def test_plain_text_keeps_what_is_said() -> None:
    html = (
        "<h1>Week 2</h1><p>Read <a href='https://a.example'>this</a>,\n then <b>that</b>.<br>Soon.</p>"
        "<ol><li>One<ul><li>a</li></ul></li><li><p>Two</p></li></ol><p>Bye &amp; thanks</p><pre>a\n  b</pre>"
        "<p><a href='https://b.example'>https://b.example</a> <img src='x' alt='A river'></p>"
    )

    assert plain(html) == (
        "Week 2\n\nRead this (https://a.example), then that.\nSoon.\n\n1. One\n  - a\n2. Two\n\nBye & thanks\n\n"
        "a\n  b\n\nhttps://b.example A river"
    )


def test_headers_say_whose_mail_it_is_and_how_to_get_no_more(offered: Run, settings: Settings) -> None:
    settings.LYKEION_MAIL_BOUNCES = "bounces@example.org"
    settings.DEFAULT_FROM_EMAIL = "Site <noreply@example.org>"
    alice = named("alice")

    message = writing.mail(Draft("News", "<p>x</p>", ()), offered, alice, "staff@example.org", 7).message()
    link = message["List-Unsubscribe"].strip("<>")

    assert (message["From"], message["To"]) == ("Waters <noreply@example.org>", "Alice <alice@example.org>")
    assert message["Reply-To"] == "staff@example.org"
    assert message["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert tokens.read_unsubscribe(link.rsplit("/", 1)[1]) == (alice.id, offered.id)
    assert tokens.read_unsubscribe("1-1:forged") is None


def test_a_mail_that_bounces_comes_back_to_an_address_that_says_whose_it_was(offered: Run, settings: Settings) -> None:
    settings.LYKEION_MAIL_BOUNCES = "bounces@example.org"

    made = writing.mail(Draft("News", "<p>x</p>", ()), offered, named("alice"), "", 7)

    assert made.from_email == f"bounces+{tokens.bounce_token(named('alice').id, 'alice@example.org')}@example.org"


def test_an_address_with_letters_beyond_ascii_holds_up_nobody(offered: Run) -> None:
    User.objects.filter(username="alice").update(email="alice@müller.example", full_name="Älice")

    made = writing.mail(Draft("News", "<p>x</p>", ()), offered, named("alice"), "", 1)

    assert made.message()["To"] == "=?utf-8?b?w4RsaWNl?= <alice@xn--mller-kva.example>"


def test_a_name_with_signs_and_an_address_in_quotes_stay_what_they_are(offered: Run) -> None:
    User.objects.filter(username="alice").update(email='"a b"@example.org', full_name="Liddell, Alice <x>")

    made = writing.mail(Draft("News", "<p>x</p>", ()), offered, named("alice"), "", 1)

    assert made.message()["To"] == '"Liddell, Alice <x>" <"a b"@example.org>'


@pytest.mark.parametrize("html", ["<a href=x>x<br></a>" * 10_000, "<ul><li>" * 25_000, "<a href=x>" * 20_000])
def test_text_does_not_grow_with_the_square_of_hostile_html(html: str) -> None:
    began = process_time()

    assert len(plain(html)) < 3 * len(html)
    assert process_time() - began < 5


def test_a_mail_runs_the_way_its_readers_read(offered: Run) -> None:
    User.objects.filter(username="alice").update(language="ar")

    made = writing.mail(Draft("News", "<p>x</p>", ()), offered, named("alice"), "", 1)

    html = str(made.alternatives[0][0])
    assert '<div dir="auto"><p>x</p></div>' in html
    assert '<div class="foot" lang="ar" dir="rtl">' in html
