"""A course's people, by hand: a list looked at and done, somebody unenrolled and had back, cohorts, the team."""

from __future__ import annotations

from collections.abc import Callable

from playwright.sync_api import Page, expect

from tests.browser.conftest import violations

RUN = "course-v1:Lyc+PEOPLE+2026"
LIST = "username,email\n" + "".join(f"{name},\n" for name in ("alice", "bob", "carol", "dan", "nobody"))
LIST += "".join(f",learner{number}@example.org\n" for number in range(26))
ACCOUNTS = "username,email,name\neva,eva@example.org,Eva Vogt\nfinn,finn@example.org,Finn Berg\n"


def test_people_are_enrolled_by_a_file_put_into_cohorts_and_given_roles(
    page: Page, log_in: Callable[[str], None]
) -> None:
    log_in("root")
    page.goto("/studio/new")
    for label, value in (("Name", "People"), ("Organisation", "Lyc"), ("Course number", "PEOPLE"), ("Run", "2026")):
        page.get_by_label(label, exact=True).fill(value)
    page.get_by_role("button", name="Make the course").click()
    page.wait_for_url("**/course/**")
    people = f"/courses/{RUN}/instructor/"

    page.goto(f"{people}learners")
    expect(page.get_by_text("Nobody takes this course yet")).to_be_visible()
    page.get_by_role("link", name="Enrol or unenrol people").click()
    assert violations(page) == []
    page.get_by_label("Or a CSV file").set_input_files(
        {"name": "people.csv", "mimeType": "text/csv", "buffer": LIST.encode()}
    )
    page.get_by_role("button", name="Look at it first").click()
    expect(page.get_by_text("Something is wrong with 1 line;")).to_be_visible()
    assert violations(page) == []
    page.get_by_role("link", name="Show them").click()
    expect(page.get_by_role("row", name="nobody")).to_contain_text("Nobody here has this user name")
    page.get_by_role("button", name="Do it for 30 lines").press("Enter")
    expect(page.get_by_text("This was done.")).to_be_visible()
    expect(page.get_by_role("link", name="26 Invited")).to_be_visible()

    page.goto(f"{people}learners")
    assert violations(page) == []
    page.get_by_role("button", name="Unenrol dan").click()
    expect(page.get_by_text("dan is unenrolled")).to_be_visible()
    expect(page.get_by_role("row", name="dan")).to_have_count(0)
    page.get_by_role("button", name="Undo").click()
    expect(page.get_by_role("row", name="dan")).to_be_visible()
    page.get_by_role("link", name="Invitations").click()
    page.get_by_role("button", name="Withdraw learner25@example.org").click()
    expect(page.get_by_text("The invitation of learner25@example.org is withdrawn.")).to_be_visible()

    page.goto(f"{people}learners/register")
    page.get_by_label("CSV file").set_input_files(
        {"name": "new.csv", "mimeType": "text/csv", "buffer": ACCOUNTS.encode()}
    )
    page.get_by_role("button", name="Look at it first").click()
    page.get_by_role("button", name="Do it for 2 lines").click()
    expect(page.get_by_text("Account made, link sent")).to_have_count(3)  # how many, and both lines

    page.get_by_role("navigation", name="Instructor").get_by_role("link", name="Cohorts").click()
    page.get_by_role("button", name="Switch cohorts on").click()
    page.get_by_label("Name").fill("Mornings")
    page.get_by_role("button", name="Make it").click()
    page.get_by_label("User names or e-mail addresses").fill("alice eva finn")
    page.get_by_role("button", name="Put them into it").click()
    page.get_by_role("button", name="Do it for 3 lines").click()
    page.get_by_role("navigation", name="Instructor").get_by_role("link", name="Cohorts").click()
    assert violations(page) == []
    page.get_by_role("link", name="Mornings").click()
    expect(page.get_by_role("row", name="eva")).to_be_visible()
    assert violations(page) == []

    page.get_by_role("navigation", name="Instructor").get_by_role("link", name="Team").click()
    page.get_by_label("Username or e-mail address").fill("bob")
    page.get_by_role("radio", name="Data researcher").check()
    page.get_by_role("button", name="Add to the team").click()
    expect(page.get_by_text("bob is Data researcher now.")).to_be_visible()
    assert violations(page) == []
    page.get_by_role("button", name="Take away Data researcher from bob").click()
    expect(page.get_by_text("bob is no longer Data researcher.")).to_be_visible()
    page.goto(f"{people}log")
    expect(page.get_by_text("Took a role away")).to_be_visible()
