"""Which face answers which address."""

from __future__ import annotations

from django.conf import settings
from django.urls import URLPattern, URLResolver, include, path

from lykeion.shims.plugins import addresses

urlpatterns: list[URLPattern | URLResolver] = [
    path("studio/", include("lykeion.studio.urls")),
    path("", include("lykeion.instructor.urls")),
    path("", include("lykeion.learn.urls")),
    path("account/", include("lykeion.accounts.urls")),
    path("jobs/", include("lykeion.jobs.urls")),
    path("ui/", include("lykeion.ui.urls")),
]

if settings.GUESTS:
    urlpatterns.append(path("", include("lykeion.shims.urls")))
urlpatterns += addresses(settings.GUESTS)  # after ours: packages of others take none of our addresses

handler400 = "lykeion.learn.views.site.bad_request"
handler403 = "lykeion.learn.views.site.forbidden"
handler404 = "lykeion.learn.views.site.not_found"
