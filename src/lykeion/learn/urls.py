"""The addresses of learners' pages. Where a bookmark or a client may hold one, it is Open edX's."""

from __future__ import annotations

from django.urls import URLPattern, URLResolver, path

from lykeion.core import converters as _converters  # noqa: F401  registers run, usage and assetrun
from lykeion.learn.views import (
    blockdata,
    bookmarked,
    catalog,
    certificates,
    dashboard,
    events,
    exam,
    files,
    graders,
    home,
    mail,
    masquerade,
    pages,
    progress,
    shift,
    site,
    survey,
    textbooks,
    unit,
    xblock,
)

# Who may take which run, and what they take (views/catalog.py, views/dashboard.py, views/events.py).
offers: list[URLPattern | URLResolver] = [
    path("", catalog.home, name="home"),
    path("courses", catalog.catalog_list, name="catalog"),
    path("courses/", catalog.catalog_list),
    path("courses/<run:run>/about", catalog.about, name="about"),
    path("courses/<run:run>/enrol", catalog.enrol, name="enrol"),
    path("courses/<run:run>/unenrol", catalog.unenrol, name="unenrol"),
    path("courses/<run:run>/mail", mail.course_mail, name="course_mail"),
    path("mail/unsubscribe/<token>", mail.unsubscribe, name="unsubscribe"),
    path("dashboard", dashboard.dashboard, name="dashboard"),
    path("dashboard/", dashboard.dashboard),
    path("event", events.event, name="event"),
]

course: list[URLPattern | URLResolver] = [
    path("courses/<run:run>/", home.course_root, name="course_root"),
    path("courses/<run:run>/info", home.course_root, name="course_info"),
    path("courses/<run:run>/course/", home.course_home, name="course_home"),
    path("courses/<run:run>/dismiss_update", home.dismiss_update, name="dismiss_update"),
    path("courses/<run:run>/progress", progress.progress, name="progress"),
    path("courses/<run:run>/progress/<int:learner_id>/", progress.progress, name="learner_progress"),
    path("courses/<run:run>/survey", survey.survey, name="survey"),
    path("courses/<run:run>/dates", progress.dates, name="dates"),
    path("courses/<run:run>/pdfbook/<int:book>/", textbooks.textbook, name="pdf_book"),
    path("courses/<run:run>/pdfbook/<int:book>/<int:page>", textbooks.textbook, name="pdf_book"),
    path("courses/<run:run>/pdfbook/<int:book>/chapter/<int:chapter>/", textbooks.textbook, name="pdf_chapter"),
    path("courses/<run:run>/pdfbook/<int:book>/chapter/<int:chapter>/<int:page>", textbooks.textbook),
    path("courses/<run:run>/shift_dates", shift.shift_dates, name="shift_dates"),
    path("api/course_experience/v1/reset_course_deadlines", shift.reset_course_deadlines, name="reset_deadlines"),
    path("courses/<run:run>/masquerade", masquerade.masquerade, name="masquerade"),
    path("courses/<run:run>/bookmarks/", pages.bookmarks, name="bookmarks"),
    path("courses/<run:run>/bookmarks/<usage:usage>", unit.bookmark, name="bookmark"),
    path("courses/<run:run>/completion", unit.completion, name="completion"),
    path("courses/<run:run>/done/<usage:usage>", unit.done, name="done"),
    path("courses/<run:run>/exam/<usage:usage>/start", exam.start, name="exam_start"),
    path("courses/<run:run>/exam/<usage:usage>/submit", exam.submit, name="exam_submit"),
    path("courses/<run:run>/exam/<usage:usage>/time", exam.time, name="exam_time"),
    path("courses/<run:run>/courseware/", unit.courseware_root, name="courseware_root"),
    path("courses/<run:run>/courseware/<chapter>/", unit.subsection, name="courseware_section"),
    path("courses/<run:run>/courseware/<chapter>/<sequential>/", unit.subsection, name="courseware_subsection"),
    path("courses/<run:run>/courseware/<chapter>/<sequential>/<int:position>", unit.unit_page),
    path("courses/<run:run>/courseware/<chapter>/<sequential>/<int:position>/", unit.unit_page, name="courseware"),
    path("courses/<run:run>/jump_to/<usage:usage>", unit.jump_to, name="jump_to"),
    path("courses/<run:run>/jump_to_id/<path:block_id>", unit.jump_to_id, name="jump_to_id"),
]

blocks: list[URLPattern | URLResolver] = [
    path("courses/<run:run>/xblock/<usage:usage>/handler/goto_position", unit.goto_position, name="goto_position"),
    path("courses/<run:run>/xblock/<usage>/handler/<handler>", xblock.xblock_handler, name="xblock_handler"),
    path("courses/<run:run>/xblock/<usage>/handler/<handler>/", xblock.xblock_handler),
    path(
        "courses/<run:run>/xblock/<usage>/handler/<handler>/<path:suffix>", xblock.xblock_handler, name="xblock_handler"
    ),
    path(
        "courses/<run:run>/xblock/<usage>/handler_noauth/<handler>",
        xblock.xblock_handler_noauth,
        name="xblock_handler_noauth",
    ),
    path(
        "courses/<run:run>/xblock/<usage>/handler_noauth/<handler>/<path:suffix>",
        xblock.xblock_handler_noauth,
        name="xblock_handler_noauth",
    ),
    path("courses/<run:run>/xblock/<usage:usage>/view/<view>", xblock.xblock_fragment, name="xblock_fragment"),
    path("api/courses/v1/blocks/<usage:usage>", blockdata.block_data, name="block_data"),
    path("xblock/resource/<block_type>/<path:uri>", xblock.xblock_resource, name="xblock_resource"),
    path("xblock/folder/<name>/<path:path>", xblock.xblock_file, name="xblock_file"),
    path("xblock/<usage:usage>", xblock.xblock_view, name="xblock_view"),
    # Files are found under `block@` as well; we write `block/`, as Open edX does, so that relative links in pages work.
    path("asset-v1:<assetrun:run>+type@asset+block@<path:name>", files.asset),
    path("asset-v1:<assetrun:run>+type@asset+block/<path:name>", files.asset, name="asset"),
    path("assets/courseware/v1/<slug:hash>/asset-v1:<assetrun:run>+type@asset+block@<path:name>", files.asset),
    path(
        "assets/courseware/v1/<slug:hash>/asset-v1:<assetrun:run>+type@asset+block/<path:name>",
        files.asset,
        name="versioned_asset",
    ),
]

# Certificates for everybody, badges for programs (views/certificates.py).
given: list[URLPattern | URLResolver] = [
    path("certificates/<slug:number>", certificates.certificate, name="certificate"),
    path("certificates/<slug:number>/", certificates.certificate),
    path("certificates/<slug:number>/pdf", certificates.pdf, name="certificate_pdf"),
    path("certificates/<slug:number>/badge", certificates.badge, name="certificate_badge"),
    path("certificates/<slug:number>/renew", certificates.renew, name="certificate_renew"),
    path("certificates/<slug:number>/share/<slug:network>", certificates.share, name="certificate_share"),
    path("certificates/<slug:number>/status", certificates.status, name="certificate_status"),
    path("badges/issuer", certificates.issuer, name="badge_issuer"),
    path("badges/key/<slug:kid>", certificates.key, name="badge_key"),
    path("badges/courses/<run:run>", certificates.achievement, name="badge_course"),
]

# What programs that grade talk to (views/graders.py).
grading: list[URLPattern | URLResolver] = [
    path("courses/<run:run>/xqueue/<int:user_id>/<usage:usage>/<dispatch>", graders.callback, name="xqueue_callback"),
    path("xqueue/login/", graders.login, name="xqueue_login"),
    path("xqueue/logout/", graders.logout, name="xqueue_logout"),
    path("xqueue/status/", graders.status, name="xqueue_status"),
    path("xqueue/get_queuelen/", graders.get_queuelen, name="xqueue_get_queuelen"),
    path("xqueue/get_submission/", graders.get_submission, name="xqueue_get_submission"),
    path("xqueue/put_result/", graders.put_result, name="xqueue_put_result"),
    path("xqueue/files/<token>", graders.file, name="xqueue_file"),
]

whole_site: list[URLPattern | URLResolver] = [
    path("heartbeat", site.heartbeat, name="heartbeat"),
    path("ready", site.ready, name="ready"),
    path("robots.txt", site.robots, name="robots"),
    path("favicon.ico", site.favicon, name="favicon"),
]

bookmarks: list[URLPattern | URLResolver] = [
    path(f"{old}{slash}", bookmarked.account_page, {"page": f"account_{ours}"})
    for old, ours in (("login", "login"), ("register", "signup"), ("logout", "logout"))
    for slash in ("", "/")
]

# Last: authors name their pages as they like, so everything of ours must have had its turn.
authors_pages: list[URLPattern | URLResolver] = [
    path("courses/<run:run>/<slug>/", pages.static_tab, name="static_tab"),
]

urlpatterns = [*offers, *course, *blocks, *given, *grading, *whole_site, *bookmarks, *authors_pages]
