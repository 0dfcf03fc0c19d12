"""Addresses of files that blocks of others keep."""

from __future__ import annotations

from django.urls import URLPattern, path

from lykeion.shims import views

urlpatterns: list[URLPattern] = [
    path("block-files/<path:name>", views.block_file, name="block_file"),
    # The name is open response's own: it asks Django where files are brought to.
    path("openassessment/storage/<path:key>", views.submission_file, name="openassessment-django-storage"),
]
