from django.db import connection

from tests.learn.conftest import KEY


def test_the_heartbeat_names_the_services_that_answer(client, db):
    response = client.get("/heartbeat")

    assert response.status_code == 200
    assert response.json() == {
        "sql": {"status": True, "message": "OK"},
        "content": {"status": True, "message": "OK"},
    }


def test_the_heartbeat_says_which_service_is_down_and_keeps_its_secrets(client, db, settings, caplog):
    with connection.execute_wrapper(_broken):
        response = client.get("/heartbeat")

    assert response.status_code == 503
    assert response.json()["sql"]["status"] is False
    assert "hunter2" not in response.content.decode()
    assert "hunter2" in caplog.text


def test_a_host_that_is_being_drained_is_not_ready_though_it_is_well(client, db, settings, tmp_path):
    settings.LYKEION_DRAIN_FILE = tmp_path / "drain"
    before = client.get("/ready")

    settings.LYKEION_DRAIN_FILE.touch()
    during = client.get("/ready")
    heartbeat = client.get("/heartbeat")

    settings.LYKEION_DRAIN_FILE.unlink()
    assert [before.status_code, during.status_code, heartbeat.status_code, client.get("/ready").status_code] == [
        200, 503, 200, 200,
    ]  # fmt: skip
    assert during.json()["host"]["status"] is False
    assert "no-store" in during["Cache-Control"]


def test_a_host_without_its_database_is_not_ready(client, db, settings, caplog):
    with connection.execute_wrapper(_broken):
        response = client.get("/ready")

    assert response.status_code == 503
    assert response.json()["host"]["status"] is True


def _broken(execute, sql, params, many, context):
    raise ConnectionError("mysql://lykeion:hunter2@db does not answer")


def test_robots_stay_out_of_what_is_for_learners(client):
    text = client.get("/robots.txt").content.decode()

    assert "Disallow: /courses/*/courseware/" in text
    assert "Disallow: /courses/*/about" not in text


def test_the_sign_of_the_site_is_found_under_its_old_name(client):
    assert client.get("/favicon.ico")["Location"] == "/static/ui/mark.svg"


def test_an_address_that_is_none_is_answered_in_words(client, db):
    response = client.get("/no/such/page")

    assert response.status_code == 404
    assert "mistyped" in response.content.decode()


def test_a_script_is_told_the_same_as_a_person(client, db):
    response = client.get(f"/courses/{KEY}/course/", headers={"accept": "application/json"})

    assert response.status_code == 404
    assert KEY.course in response.json()["error"]
