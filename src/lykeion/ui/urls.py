"""The style page, in development homes only."""

from __future__ import annotations

from django.urls import path

from lykeion.ui import views

app_name = "ui"
urlpatterns = [path("", views.style_page, name="style")]
