"""The style page alone, so that looks are tested without the rest of the site."""

from django.urls import include, path

urlpatterns = [path("ui/", include("lykeion.ui.urls"))]
