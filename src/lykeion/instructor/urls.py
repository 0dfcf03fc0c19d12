"""The addresses of the instructor's side: one list for each thing that teachers do."""

from __future__ import annotations

from django.urls import URLPattern, URLResolver, include, path

from lykeion.core import converters as _converters  # noqa: F401  registers run
from lykeion.instructor.views import (
    analytics,
    announcements,
    certificates,
    cohorts,
    courses,
    dates,
    engagement,
    exceptions,
    gradebook,
    gradefiles,
    info,
    learners,
    listing,
    lists,
    log,
    mail,
    reports,
    sql,
    surveys,
    team,
    work,
)

app_name = "instructor"

PEOPLE = [
    path("learners", learners.learners, name="learners"),
    path("learners/track", learners.track, name="learner_track"),
    path("learners/unenrol", learners.unenrol, name="learner_unenrol"),
    path("learners/list", listing.enrol, name="enrol"),
    path("learners/register", listing.register, name="register"),
    path("learners/invitations", learners.invitations, name="invitations"),
    path("learners/invitations/withdraw", learners.withdraw, name="withdraw"),
    path("lists/<int:number>", lists.show, name="list"),
    path("lists/<int:number>/go", lists.go, name="list_go"),
    path("lists/<int:number>/go_on", lists.go_on, name="list_go_on"),
    path("lists/<int:number>/undo", lists.undo, name="list_undo"),
    path("lists/<int:number>/discard", lists.discard, name="list_discard"),
    path("lists/<int:number>.csv", lists.as_file, name="list_file"),
    path("team", team.team, name="team"),
    path("team/give", team.give, name="team_give"),
    path("team/take", team.take, name="team_take"),
    path("team/testers", listing.testers, name="testers"),
    path("cohorts", cohorts.cohorts, name="cohorts"),
    path("cohorts/switch", cohorts.switch, name="cohorts_switch"),
    path("cohorts/make", cohorts.make, name="cohort_make"),
    path("cohorts/file", listing.cohort_file, name="cohort_file"),
    path("cohorts/<int:number>", cohorts.cohort, name="cohort"),
    path("cohorts/<int:number>/change", cohorts.change, name="cohort_change"),
    path("cohorts/<int:number>/delete", cohorts.delete, name="cohort_delete"),
    path("cohorts/<int:number>/add", cohorts.add, name="cohort_add"),
    path("cohorts/<int:number>/remove", cohorts.remove, name="cohort_remove"),
]

REPORTS = [
    path("reports", reports.reports, name="reports"),
    path("reports/list", reports.listing, name="report_list"),
    path("reports/answers", reports.answers, name="report_answers"),
    path("reports/<int:number>/cancel", reports.cancel, name="report_cancel"),
    path("reports/<int:number>/file", reports.download, name="report_file"),
]

ANALYTICS = [
    path("analytics", analytics.enrolment, name="analytics"),
    path("analytics/activity", analytics.activity, name="analytics_activity"),
    path("analytics/progress", analytics.progress, name="analytics_progress"),
    path("analytics/problems", analytics.problems, name="analytics_problems"),
    path("analytics/problems/<str:ref>", analytics.problem, name="analytics_problem"),
    path("analytics/videos", analytics.videos, name="analytics_videos"),
    path("analytics/videos/<str:video>", analytics.video, name="analytics_video"),
    path("analytics/learners", analytics.learners, name="analytics_learners"),
    path("analytics/learners.<str:form>", analytics.learners_file, name="analytics_learners_file"),
    path("analytics/engagement", engagement.engagement, name="analytics_engagement"),
    path("analytics/engagement/<int:number>.<str:form>", engagement.file, name="analytics_engagement_file"),
    path("analytics/sql", sql.sql, name="analytics_sql"),
    path("analytics/sql/<int:number>", sql.sql_answer, name="analytics_sql_answer"),
    path("analytics/sql/<int:number>.<str:form>", sql.sql_file, name="analytics_sql_file"),
    path("analytics/<str:metric>.<str:form>", analytics.figures_file, name="analytics_file"),
]

COURSE = [
    *PEOPLE,
    *REPORTS,
    *ANALYTICS,
    path("", info.info, name="info"),
    path("certificates", certificates.certificates, name="certificates"),
    path("certificates/progress", certificates.progress, name="certificates_progress"),
    path("certificates/generate", certificates.generate, name="certificates_generate"),
    path("certificates/preview", certificates.preview, name="certificates_preview"),
    path("certificates/invalidate", certificates.invalidate, name="certificates_invalidate"),
    path("certificates/validate", certificates.validate, name="certificates_validate"),
    path("certificates/exceptions", exceptions.exceptions, name="certificates_exceptions"),
    path("certificates/exceptions/add", exceptions.add, name="certificates_add"),
    path("certificates/exceptions/remove", exceptions.remove, name="certificates_remove"),
    path("certificates/exceptions/file", exceptions.file, name="certificates_file"),
    path("log", log.log, name="log"),
    # Grades
    path("gradebook", gradebook.book, name="gradebook"),
    path("gradebook/regrading", gradebook.regrading, name="regrading"),
    path("gradebook/columns", gradebook.change_columns, name="grade_columns"),
    path("gradebook/files", gradefiles.page, name="grade_files"),
    path("gradebook/files/template", gradefiles.template, name="grade_template"),
    path("gradebook/files/check", gradefiles.check, name="grade_check"),
    path("gradebook/files/apply", gradefiles.apply, name="grade_apply"),
    path("gradebook/files/<int:job>", gradefiles.job, name="grade_job"),
    path("gradebook/files/<int:job>/file", gradefiles.job_file, name="grade_job_file"),
    path("gradebook/<int:learner>", gradebook.marks, name="grade_marks"),
    path("gradebook/<int:learner>/mark", gradebook.mark, name="grade_mark"),
    path("gradebook/<int:learner>/<str:ref>", gradebook.cell, name="grade_cell"),
    path("gradebook/<int:learner>/<str:ref>/override", gradebook.override, name="grade_override"),
    # Learners' work
    path("work", work.start, name="work"),
    path("work/tasks", work.tasks, name="work_tasks"),
    path("work/all/<str:ref>", work.everybody, name="work_all"),
    path("work/all/<str:ref>/do", work.do_all, name="work_all_do"),
    path("work/<int:learner>", work.learner, name="work_learner"),
    path("work/<int:learner>/entrance", work.entrance, name="work_entrance"),
    path("work/<int:learner>/<str:ref>", work.problem, name="work_problem"),
    path("work/<int:learner>/<str:ref>/do", work.do, name="work_do"),
    # Dates and exams of single learners
    path("dates", dates.page, name="dates"),
    path("dates/change", dates.change, name="dates_change"),
    path("exams", dates.exams, name="exams"),
    path("exams/change", dates.change_exam, name="exams_change"),
    path("mail", mail.mail, name="mail"),
    path("mail/write", mail.write, name="mail_write"),
    path("mail/<int:message_id>", mail.message, name="mail_message"),
    path("mail/<int:message_id>/stop", mail.stop, name="mail_stop"),
]

# For the staff of the site
SITE = [
    path("announcements", announcements.announcements, name="announcements"),
    path("announcements/new", announcements.edit, name="announcement_new"),
    path("announcements/<int:number>", announcements.edit, name="announcement"),
    path("announcements/<int:number>/remove", announcements.remove, name="announcement_remove"),
    path("surveys", surveys.surveys, name="surveys"),
    path("surveys/new", surveys.edit, name="survey_new"),
    path("surveys/<name>", surveys.edit, name="survey"),
    path("analytics", courses.courses, name="site_courses"),
    path("analytics/courses.<str:form>", courses.courses_file, name="site_courses_file"),
    path("analytics/refresh", courses.refresh, name="site_refresh"),
    path("analytics/refresh/<int:number>", courses.refresh_job, name="site_refresh_job"),
    path("analytics/log", log.site_log, name="site_log"),
    path("analytics/sql", sql.site_sql, name="site_sql"),
    path("analytics/sql/<int:number>", sql.site_sql_answer, name="site_sql_answer"),
    path("analytics/sql/<int:number>.<str:form>", sql.site_sql_file, name="site_sql_file"),
]

urlpatterns: list[URLPattern | URLResolver] = [
    path("courses/<run:run>/instructor/", include(COURSE)),
    path("site/", include(SITE)),
]
