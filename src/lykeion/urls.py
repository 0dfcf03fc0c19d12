"""Which face answers which address."""

from __future__ import annotations

from django.urls import URLPattern, URLResolver, include, path

urlpatterns: list[URLPattern | URLResolver] = [
    path("", include("lykeion.learn.urls")),
    path("account/", include("lykeion.accounts.urls")),
    path("ui/", include("lykeion.ui.urls")),
]

handler400 = "lykeion.learn.views.site.bad_request"
handler403 = "lykeion.learn.views.site.forbidden"
handler404 = "lykeion.learn.views.site.not_found"
