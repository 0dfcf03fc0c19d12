"""The addresses of ``/jobs/``, for the staff of the site."""

from __future__ import annotations

from django.urls import path

from lykeion.jobs import views

app_name = "jobs"
urlpatterns = [
    path("", views.jobs_list, name="list"),
    path("<int:job_id>/", views.job_page, name="job"),
    path("<int:job_id>/file", views.job_file, name="file"),
    path("<int:job_id>/cancel", views.cancel, name="cancel"),
    path("<int:job_id>/retry", views.retry, name="retry"),
]
