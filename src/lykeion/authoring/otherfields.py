"""Fields of a course that only Open edX acts on, or nothing any more. They are kept, shown, and exported."""

from __future__ import annotations

from typing import Final

from django.utils.translation import gettext_lazy as _

from lykeion.authoring.coursefields import CourseField as F

ELSEWHERE: Final = tuple(
    F(name, title, text, default, "elsewhere", choices, link)
    for name, title, text, default, choices, link in (
        ("cert_html_view_overrides", _("Words of certificates"), _("Texts in the place of the site's."), {}, (), ""),
        ("cert_name_short", _("Certificate, short name"), _("What its certificates are called, in short."), "",
         (), ""),
        ("cert_name_long", _("Certificate, long name"), _("How certificates of this course are called."), "", (), ""),
        ("minimum_grade_credit", _("Grade for credit"), _("The share of the grade that earns credit."), 0.8, (),
         "grading"),
        ("no_grade", _("No grade"), _("The course gives no grade at all."), False, (), ""),
        ("banner_image", _("Banner image"), _("A wide picture above the course."), "images_course_image.jpg", (),
         "schedule"),
        ("video_thumbnail_image", _("Video still"), _("A picture in the place of the introduction."),
         "images_course_image.jpg", (), "schedule"),
        ("announcement", _("Announced on"), _("When the course was announced."), None, (), ""),
        ("cosmetic_display_price", _("Price shown"), _("A price that is shown while none is set."), 0, (), ""),
        ("mobile_available", _("On phones"), _("The mobile app offers the course."), False, (), ""),
        ("show_calculator", _("Calculator"), _("A calculator at the foot of every page."), False, (), ""),
        ("edxnotes", _("Notes"), _("Learners can take notes in texts."), False, (), ""),
        ("edxnotes_visibility", _("Notes shown"), _("Whether a learner sees their notes."), True, (), ""),
        ("wiki_slug", _("Wiki"), _("The name of the course's wiki."), "", (), ""),
        ("allow_public_wiki_access", _("Open wiki"), _("People who are not enrolled read the wiki."), False, (), ""),
        ("discussion_topics", _("Discussion topics"), _("Topics for the whole course, by name."), {}, (), ""),
        ("discussion_blackouts", _("Discussion pauses"), _("Pairs of dates; nobody posts in between."), [], (), ""),
        ("discussions_settings", _("Discussion settings"), _("Which forum the course uses, and how."), {}, (), ""),
        ("discussion_link", _("Discussion link"), _("The address of a forum elsewhere."), None, (), ""),
        ("discussion_sort_alpha", _("Topics by name"), _("Topics are sorted by their names."), False, (), ""),
        ("allow_anonymous", _("Anonymous posts"), _("Learners may post without their name."), True, (), ""),
        ("allow_anonymous_to_peers", _("Anonymous to learners"), _("The team still sees who posts."), False, (), ""),
        ("teams_configuration", _("Teams"), _("Sets of teams and how large they may be."), {}, (), ""),
        ("enable_timed_exams", _("Timed exams"), _("Subsections can have a time limit."), False, (), ""),
        ("enable_proctored_exams", _("Proctored exams"), _("Exams can be watched by a service."), False, (), ""),
        ("allow_proctoring_opt_out", _("Without proctoring"), _("Learners may take an exam unwatched."), False, (), ""),
        ("proctoring_provider", _("Proctoring service"), _("The service that watches exams."), None, (), ""),
        ("proctoring_configuration", _("Proctoring settings"), _("What that service needs to know."), {}, (), ""),
        ("proctoring_escalation_email", _("Proctoring contact"), _("Who is written to about incidents."), None, (), ""),
        ("create_zendesk_tickets", _("Support tickets"), _("Suspicious attempts open a ticket."), True, (), ""),
        ("enable_ccx", _("Custom courses"), _("Coaches can give the course to groups of their own."), False, (), ""),
        ("ccx_connector", _("Custom courses service"), _("The service that manages those."), "", (), ""),
        ("end_of_course_survey_url", _("Survey at the end"), _("The address of a last survey."), None, (), ""),
        ("due_date_display_format", _("Form of due dates"), _("How due dates are written."), None, (), ""),
        ("highlights_enabled_for_messaging", _("Weekly highlights"), _("Mail tells what comes this week."), False, (),
         ""),
        ("course_wide_js", _("Scripts"), _("Addresses of scripts for every page."), [], (), ""),
        ("course_wide_css", _("Styles"), _("Addresses of styles for every page."), [], (), ""),
        ("html_textbooks", _("HTML textbooks"), _("Textbooks that are web pages."), [], (), ""),
        ("video_sharing_options", _("Sharing videos"), _("Whether videos can be shared elsewhere."), None, (), ""),
        ("video_upload_pipeline", _("Video pipeline"), _("What the service that encodes videos needs."), {}, (), ""),
        ("force_on_flexible_peer_openassessments", _("Flexible peer grading"),
         _("Peer assessments end when enough were given."), False, (), ""),
        ("allow_unsupported_xblocks", _("Unsupported components"), _("Offer types without support."), False, (), ""),
        ("info_sidebar_name", _("Handouts title"), _("The heading above the handouts."), "Course Handouts", (), ""),
        ("hide_progress_tab", _("Hide progress"), _("The progress tab is not shown."), False, (), ""),
        ("text_customization", _("Words of buttons"), _("Texts that replace those of problems' buttons."), {}, (), ""),
        ("css_class_list", _("Style classes"), _("Classes that pages of the course get."), [], (), ""),
        ("tags", _("Tags"), _("Words of authors on the course."), [], (), ""),
    )
)  # fmt: skip

OLD: Final = tuple(
    F(name, title, text, default, "old")
    for name, title, text, default in (
        ("checklists", _("Checklists"), _("Of early versions of Studio."), []),
        ("disable_progress_graph", _("No chart"), _("The chart of the progress page was left out."), False),
        ("is_new", _("New"), _("Marked the course as new."), None),
        ("ispublic", _("Public"), _("Was replaced by who sees the course in the catalog."), None),
        ("matlab_api_key", _("MATLAB key"), _("For a service that is gone."), None),
        ("remote_gradebook", _("Other gradebook"), _("Grades were sent to another system."), {}),
        ("show_chat", _("Chat"), _("A chat that is gone."), False),
        ("show_timezone", _("Zone of dates"), _("Dates are shown in each reader's zone now."), True),
        ("textbooks", _("Textbooks as pictures"), _("Scanned pages; use PDF textbooks."), []),
    )
)

HIDDEN: Final = frozenset({
    "copied_from_block", "downstream_customized", "upstream", "upstream_display_name", "upstream_version",
    "upstream_version_available", "upstream_version_declined",
})  # fmt: skip
"""What links blocks with libraries: never a course's."""
