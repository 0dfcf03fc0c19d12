"""The pages of tags."""

from __future__ import annotations

from collections.abc import Callable

from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from lykeion.authoring.models import Taxonomy
from lykeion.core.keys import CourseLocator


def test_a_taxonomy_is_made_used_and_taken_home(run: CourseLocator, as_person: Callable[[str], Client]) -> None:
    root, carol = as_person("root"), as_person("carol")
    upload = SimpleUploadedFile("subjects.csv", b"id,value,parent_id\n1,Maths,\n2,Algebra,1\n")

    made = root.post(reverse("studio:taxonomies"), {"name": "Subjects", "file": upload}, follow=True)
    form = carol.get(reverse("studio:tag", args=[run, "html@text"])).content.decode()
    carol.post(reverse("studio:tag", args=[run, "html@text"]), {"taxonomy": "subjects", "tag": ["Algebra"]})
    again = carol.get(reverse("studio:tag", args=[run, "html@text"])).content.decode()
    whole = carol.get(reverse("studio:tags", args=[run])).content.decode()

    assert "2 tags" in made.content.decode()
    assert 'value="Algebra"' in form
    assert 'value="Algebra" checked' in again
    assert "Algebra" in whole
    assert (
        root.get(reverse("studio:taxonomy_file", args=[Taxonomy.objects.get().pk, "json"])).json()["tags"][1][
            "parent_id"
        ]
        == "1"
    )


def test_a_wrong_file_is_told_and_nothing_is_made(as_person: Callable[[str], Client]) -> None:
    root = as_person("root")

    response = root.post(
        reverse("studio:taxonomies"), {"name": "Subjects", "file": SimpleUploadedFile("x.csv", b"\xff\xfe")}
    )

    assert response.status_code == 422
    assert "no text in UTF-8" in response.content.decode()
    assert "No taxonomies yet" in root.get(reverse("studio:taxonomies")).content.decode()


def test_a_taxonomy_that_is_switched_off_is_not_offered(run: CourseLocator, as_person: Callable[[str], Client]) -> None:
    root, carol = as_person("root"), as_person("carol")
    root.post(reverse("studio:taxonomies"), {"name": "Words", "free": "1"})

    root.post(reverse("studio:taxonomy", args=[Taxonomy.objects.get().pk]), {"enabled": "0"})

    assert "no taxonomies for this course" in carol.get(reverse("studio:tag", args=[run, "html@text"])).content.decode()
