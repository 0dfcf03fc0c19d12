import pytest


@pytest.mark.parametrize(
    ("old", "ours"),
    [
        ("/login", "/account/login/"),
        ("/login/", "/account/login/"),
        ("/register", "/account/signup/"),
        ("/logout", "/account/logout/"),
    ],
)
def test_old_addresses_lead_to_ours_and_take_the_way_back_along(client, old, ours):
    plain = client.get(old)
    following = client.get(old, {"next": "/courses/course-v1:A+B+C/course/?a=1&b=2"})

    assert (plain.status_code, plain["Location"]) == (302, ours)
    assert following["Location"] == ours + "?next=%2Fcourses%2Fcourse-v1%3AA%2BB%2BC%2Fcourse%2F%3Fa%3D1%26b%3D2"


@pytest.mark.parametrize(
    "there", ["https://evil.example/", "//evil.example/", "javascript:alert(1)", "/\\evil.example"]
)
def test_a_way_back_to_another_site_is_dropped(client, there):
    assert client.get("/login", {"next": there})["Location"] == "/account/login/"


def test_who_is_signed_in_goes_straight_on(as_person):
    response = as_person("alice").get("/login", {"next": "/dashboard"}, follow=True)

    assert [address for address, _status in response.redirect_chain] == [
        "/account/login/?next=%2Fdashboard",
        "/dashboard",
    ]


def test_signing_out_still_asks(as_person):
    client = as_person("alice")

    page = client.get("/logout", follow=True)

    assert page.status_code == 200
    assert client.get("/dashboard").status_code == 200
