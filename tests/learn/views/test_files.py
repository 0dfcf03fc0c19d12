"""Files of a course over HTTP."""

from __future__ import annotations

import pytest

from lykeion.content import api as content
from lykeion.learn.addresses import asset_url, versioned_asset_url
from lykeion.learn.views.files import flat_name
from tests.learn.conftest import KEY, import_course
from tests.learn.course import FILES, write_course

OWL = FILES["images/owl.png"]


def body(response):
    return b"".join(response.streaming_content)


@pytest.mark.parametrize("name", ["images/owl.png", "images_owl.png"])
def test_a_file_is_found_by_its_path_and_by_its_flattened_name(course, client, name):
    response = client.get(asset_url(KEY, name))

    assert (response.status_code, body(response)) == (200, OWL)
    assert response["Content-Type"] == "image/png"


def test_names_are_flattened_as_open_edx_does():
    assert flat_name("images/My owl (1).png") == "images_My_owl__1_.png"


def test_a_part_of_a_film_is_sent_as_asked(course, client):
    response = client.get(asset_url(KEY, "images_owl.png"), headers={"range": "bytes=10-19"})

    assert (response.status_code, body(response)) == (206, OWL[10:20])


def test_an_address_with_the_hash_of_the_file_is_kept_for_ever(course, client):
    stored = content.file(content.head(KEY), "images/owl.png")

    forever = client.get(versioned_asset_url(KEY, stored.hash, "images_owl.png"))
    today = client.get(asset_url(KEY, "images_owl.png"))

    assert "immutable" in forever["Cache-Control"]
    assert "public" in forever["Cache-Control"]
    assert "immutable" not in today["Cache-Control"]
    assert today["ETag"] == f'"{stored.hash}"'


def test_an_address_with_an_older_hash_leads_to_todays_file(course, client):
    stored = content.file(content.head(KEY), "images/owl.png")

    response = client.get(versioned_asset_url(KEY, "0" * 48, "images_owl.png"))

    assert response["Location"] == versioned_asset_url(KEY, stored.hash, "images_owl.png")


def test_a_file_that_was_replaced_is_sent_anew(course, client, tmp_path):
    old = client.get(asset_url(KEY, "page.html"))["ETag"]
    changed = write_course(tmp_path / "again")
    (changed / "static" / "page.html").write_text("<p>New</p>")
    import_course(changed)

    response = client.get(asset_url(KEY, "page.html"), headers={"if-none-match": old})

    assert (response.status_code, body(response)) == (200, b"<p>New</p>")


@pytest.mark.parametrize("name", ["page.html", "sign.svg"])
def test_a_file_with_scripts_cannot_act_as_the_learner(course, client, name):
    response = client.get(asset_url(KEY, name))

    assert response["Content-Security-Policy"].startswith("sandbox")
    assert "allow-same-origin" not in response["Content-Security-Policy"]
    assert response["X-Content-Type-Options"] == "nosniff"


def test_a_locked_file_stays_out_of_shared_caches(alice):
    response = alice.get(asset_url(KEY, "locked.pdf"))

    assert body(response) == FILES["locked.pdf"]
    assert "private" in response["Cache-Control"]
    assert "Access-Control-Allow-Origin" not in response


def test_the_way_to_todays_locked_file_stays_out_of_shared_caches_too(alice):
    response = alice.get(versioned_asset_url(KEY, "0" * 48, "locked.pdf"))

    assert (response.status_code, response["Cache-Control"]) == (302, "private, max-age=0")


@pytest.mark.parametrize("name", ["nothing.png", "../course.xml", "/etc/passwd", "images/../page.html"])
def test_only_files_of_the_course_are_found(course, client, name):
    assert client.get(asset_url(KEY, name)).status_code == 404


def test_an_open_file_asks_for_no_session(course, client, django_assert_max_num_queries):
    client.get(asset_url(KEY, "images_owl.png"))

    with django_assert_max_num_queries(1):
        body(client.get(asset_url(KEY, "images_owl.png")))


def test_files_can_be_read_but_not_written(course, client):
    assert client.post(asset_url(KEY, "images_owl.png")).status_code == 405


def test_files_of_a_page_are_found_beside_it(course, client):
    page = content.file(content.head(KEY), "page.html")
    address = versioned_asset_url(KEY, page.hash, "page.html")

    beside = client.get(address.replace("page.html", "images/owl.png") + "?v=1")

    assert beside.status_code == 302
    assert body(client.get(beside["Location"])) == OWL
    assert beside["Location"].endswith("block/images/owl.png?v=1")


def test_addresses_as_older_pages_write_them_lead_to_the_file_too(course, client):
    assert body(client.get(asset_url(KEY, "images/owl.png").replace("block/", "block@"))) == OWL
