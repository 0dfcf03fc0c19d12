"""The kinds of reports there are, in the order of their page."""

from __future__ import annotations

from typing import Final

from django.utils.translation import gettext_lazy as _

from lykeion.teaching.reports import answers, exams, grade, handedin, openresponse, people, problem, responses, survey
from lykeion.teaching.reports.types import Kind

GRADES, ANSWERS, PEOPLE, OTHER = "grades", "answers", "people", "other"
GROUPS: Final = {
    GRADES: _("Grades"),
    ANSWERS: _("Answers"),
    PEOPLE: _("People"),
    OTHER: _("Certificates"),
}

KINDS: Final[dict[str, Kind]] = {
    one.name: one
    for one in (
        Kind("grade", GRADES, _("Grade report"),
             _("One row for everybody who takes or took the course: the grade from 0 to 1, each graded subsection with "
               "averages by assignment type, cohort, experiment groups, track, certificate and enrolment status."),
             grade.table, "grade_report"),
        Kind("problem_grade", GRADES, _("Problem grade report"),
             _("One row for everybody who takes or took the course: points earned and possible in every graded "
               "problem."),
             problem.table, "problem_grade_report"),
        Kind("responses", ANSWERS, _("Problem responses"),
             _("One row for every answer in the parts of the course that you choose: who, where, the question, the "
               "answer, and the right answer where there is one."),
             responses.table, "student_state", chooses=True),
        Kind("answers", ANSWERS, _("Answer distribution"),
             _("One row for every answer to every question: how many learners gave it at first and at last, and "
               "whether it is right."),
             answers.table, "answer_distribution"),
        Kind("ora_data", ANSWERS, _("Open responses"),
             _("One row for every response: its text, its assessments with feedback, and its score."),
             openresponse.data, "ORA_data", there=openresponse.is_there),
        Kind("ora_summary", ANSWERS, _("Open responses: how far they are"),
             _("One row for every response: which steps are done, how many peers it was assessed by, its grade."),
             openresponse.summary, "ORA_summary", there=openresponse.is_there),
        Kind("ora_files", ANSWERS, _("Open responses: texts and files"),
             _("All that was handed in, as a ZIP: a folder for each unit, and a list of what is in them."),
             handedin.archive, "submission_files", archive=True, there=openresponse.is_there),
        Kind("survey", ANSWERS, _("Survey of the course"),
             _("One row for everybody who answered the survey in this course, a column for each question."),
             survey.table, "course_survey_results"),
        Kind("profiles", PEOPLE, _("Profiles of learners"),
             _("One row for everybody who takes the course: user name, name, address, language, country, track, and "
               "whatever else the operators of this site chose."),
             people.profiles, "student_profile_info"),
        Kind("cohorts", PEOPLE, _("Cohorts"),
             _("Who is in which cohort, in the columns of a file for cohorts: change it, and upload it there."),
             people.cohorts, "cohorts"),
        Kind("may_enrol", PEOPLE, _("Invited, not enrolled"),
             _("The addresses that were invited to the course and have not enrolled."),
             people.may_enrol, "may_enroll_info"),
        Kind("inactive", PEOPLE, _("Enrolled, account not in use"),
             _("The addresses of learners whose account is not active."),
             people.inactive, "inactive_enrolled_students_info"),
        Kind("exams", PEOPLE, _("Timed exams"),
             _("One row for every attempt at a timed exam: who, how long they were given, when they began and ended."),
             exams.table, "proctored_exam_results_report"),
        Kind("anonymous_ids", PEOPLE, _("Anonymised ids"),
             _("The ids that stand for learners towards blocks and outside tools: on the site, and in this course."),
             people.anonymous_ids, "anon_ids"),
        Kind("certificates", OTHER, _("Certificates issued"),
             _("How many certificates of each type this course has issued."),
             people.certificates, "issued_certificates"),
    )
}  # fmt: skip
