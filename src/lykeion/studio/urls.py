"""The addresses of Studio: one list for each thing that authors work on."""

from __future__ import annotations

from django.urls import URLPattern, URLResolver, path

from lykeion.core import converters as _converters  # noqa: F401  registers run and usage
from lykeion.studio.views import (
    advanced,
    certificates,
    checks,
    clash,
    component,
    features,
    files,
    filezip,
    git,
    grading,
    groups,
    history,
    home,
    libraries,
    outline,
    pages,
    pick,
    problem,
    problemtrial,
    publication,
    schedule,
    search,
    settings,
    tags,
    team,
    textbooks,
    transfers,
    trying,
    unit,
    updates,
    uploads,
    video,
    viewing,
)

app_name = "studio"

IN_COURSE = "course/<home:run>/"

whole: list[URLPattern | URLResolver] = [
    path("", home.home, name="home"),
    path("new", home.new, name="new"),
    path("search", search.search, name="search"),
    path(f"{IN_COURSE}rerun", home.rerun, name="rerun"),
]

tree: list[URLPattern | URLResolver] = [
    path(IN_COURSE, outline.outline, name="outline"),
    path(f"{IN_COURSE}children/<path:ref>", outline.children, name="children"),
    path(f"{IN_COURSE}add", outline.add, name="add"),
    path(f"{IN_COURSE}rename", outline.rename, name="rename"),
    path(f"{IN_COURSE}tree", outline.tree, name="tree"),
    path(f"{IN_COURSE}find", outline.find, name="find"),
    path(f"{IN_COURSE}remove", outline.remove, name="remove"),
    path(f"{IN_COURSE}restore", outline.restore, name="restore"),
    path(f"{IN_COURSE}move", outline.move, name="move"),
    path(f"{IN_COURSE}places/<path:ref>", outline.places, name="places"),
    path(f"{IN_COURSE}duplicate", outline.duplicate, name="duplicate"),
    path(f"{IN_COURSE}copy", outline.copy, name="copy"),
    path(f"{IN_COURSE}paste", outline.paste, name="paste"),
]

ONE_UNIT = f"{IN_COURSE}unit/<path:ref>"
units: list[URLPattern | URLResolver] = [
    path(f"{ONE_UNIT}/more", unit.more, name="unit_more"),
    path(f"{ONE_UNIT}/add", unit.add, name="unit_add"),
    path(f"{ONE_UNIT}/rename", unit.rename, name="unit_rename"),
    path(f"{ONE_UNIT}/move", unit.move, name="unit_move"),
    path(f"{ONE_UNIT}/places", unit.places, name="unit_places"),
    path(f"{ONE_UNIT}/duplicate", unit.duplicate, name="unit_duplicate"),
    path(f"{ONE_UNIT}/remove", unit.remove, name="unit_remove"),
    path(f"{IN_COURSE}unit-restore", unit.restore, name="unit_restore"),
    path(f"{ONE_UNIT}/copy", unit.copy, name="unit_copy"),
    path(f"{ONE_UNIT}/paste", unit.paste, name="unit_paste"),
    path(f"{ONE_UNIT}/discard", unit.discard, name="unit_discard"),
    path(f"{IN_COURSE}unit-undiscard", unit.undiscard, name="unit_undiscard"),
    path(f"{ONE_UNIT}/forget", unit.forget, name="unit_forget"),
    path(f"{ONE_UNIT}/access", component.access, name="unit_access"),
    path(ONE_UNIT, unit.unit, name="unit"),  # the last: a ref may hold a slash
]

trials: list[URLPattern | URLResolver] = [
    path(f"{IN_COURSE}xblock/<usage>/handler/<handler>", trying.handler, name="handler"),
    path(f"{IN_COURSE}xblock/<usage>/handler/<handler>/<path:suffix>", trying.handler, name="handler_suffix"),
    path(f"{IN_COURSE}editing/<base>/<usage>/handler/<handler>", trying.editing, name="editing"),
    path(f"{IN_COURSE}editing/<base>/<usage>/handler/<handler>/<path:suffix>", trying.editing, name="editing_suffix"),
    path(f"{IN_COURSE}jump_to_id/<path:block_id>", trying.jump, name="jump"),
    path(f"{IN_COURSE}view-as", viewing.view_as, name="view_as"),
    path(f"{IN_COURSE}as-learner/<path:ref>", viewing.as_learner, name="as_learner"),
    path(f"{IN_COURSE}as/xblock/<usage>/handler/<handler>", viewing.handler, name="as_handler"),
    path(f"{IN_COURSE}as/xblock/<usage>/handler/<handler>/<path:suffix>", viewing.handler, name="as_handler_suffix"),
]

publishing: list[URLPattern | URLResolver] = [
    path(f"{IN_COURSE}publishing/<path:ref>", publication.publishing, name="publishing"),
    path(f"{IN_COURSE}publish", publication.publish, name="publish"),
    path(f"{IN_COURSE}discarding/<path:ref>", publication.discarding, name="discarding"),
    path(f"{IN_COURSE}discard", publication.discard, name="discard"),
    path(f"{IN_COURSE}undiscard", publication.undiscard, name="undiscard"),
    path(f"{IN_COURSE}block-settings/<path:ref>", publication.settings, name="block_settings"),
    path(f"{IN_COURSE}clash", clash.clash, name="clash"),
    path(f"{IN_COURSE}settle", clash.settle, name="settle"),
]

past: list[URLPattern | URLResolver] = [
    path(f"{IN_COURSE}history", history.history, name="history"),
    path(f"{IN_COURSE}history/change", history.change, name="change"),
    path(f"{IN_COURSE}history/deleted", history.deleted, name="deleted"),
    path(f"{IN_COURSE}history/restore", history.restore_version, name="restore_version"),
    path(f"{IN_COURSE}history/version/<str:root>/<path:ref>", history.version, name="version"),
]

transcripts: list[URLPattern | URLResolver] = [
    path(f"{IN_COURSE}component/<path:ref>/transcripts", video.upload_transcript, name="transcript_upload"),
    path(f"{IN_COURSE}component/<path:ref>/transcripts/<slug:language>", video.transcript, name="transcript"),
    path(
        f"{IN_COURSE}component/<path:ref>/transcripts/<slug:language>/remove",
        video.remove_transcript,
        name="transcript_remove",
    ),
    path(
        f"{IN_COURSE}component/<path:ref>/transcripts/<slug:language>.<slug:form>",
        video.transcript_file,
        name="transcript_file",
    ),
]

components: list[URLPattern | URLResolver] = [
    path(f"{IN_COURSE}component/<path:ref>/preview", component.preview, name="component_preview"),
    path(f"{IN_COURSE}component/<path:ref>/settings", component.settings, name="component_settings"),
    path(f"{IN_COURSE}component/<path:ref>/save", component.save_older, name="component_save"),
    path(f"{IN_COURSE}component/<path:ref>", component.component, name="component"),  # the last: a ref may hold a slash
]

problems: list[URLPattern | URLResolver] = [
    path(f"{IN_COURSE}problem/<path:ref>/fill", problem.fill, name="problem_fill"),
    path(f"{IN_COURSE}problem/<path:ref>/check", problem.check, name="problem_check"),
    path(f"{IN_COURSE}problem/<path:ref>/rows", problem.rows, name="problem_rows"),
    path(f"{IN_COURSE}problem/<path:ref>/again", problemtrial.again, name="problem_again"),
    path(
        f"{IN_COURSE}xblock/<path:ref>/try/<int:seed>/<slug:handler>/<path:suffix>",
        problemtrial.answer,
        name="problem_answer",
    ),
]

# What a course is beside its tree (views/settings.py says what these pages have in common).
about_course: list[URLPattern | URLResolver] = [
    path(f"{IN_COURSE}pages", pages.pages, name="pages"),
    path(f"{IN_COURSE}pages/save", pages.save, name="pages_save"),
    path(f"{IN_COURSE}pages/add", pages.add, name="pages_add"),
    path(f"{IN_COURSE}pages/page/<slug>", pages.page, name="page"),
    path(f"{IN_COURSE}pages/page/<slug>/save", pages.save_page, name="page_save"),
    path(f"{IN_COURSE}updates", updates.updates, name="updates"),
    path(f"{IN_COURSE}updates/save", updates.save, name="updates_save"),
    path(f"{IN_COURSE}textbooks", textbooks.textbooks, name="textbooks"),
    path(f"{IN_COURSE}textbooks/save", textbooks.save, name="textbooks_save"),
    path(f"{IN_COURSE}schedule", schedule.schedule, name="schedule"),
    path(f"{IN_COURSE}schedule/save", schedule.save, name="schedule_save"),
    path(f"{IN_COURSE}schedule/about", schedule.about_preview, name="about_preview"),
    path(f"{IN_COURSE}grading", grading.grading, name="grading"),
    path(f"{IN_COURSE}grading/save", grading.save, name="grading_save"),
    path(f"{IN_COURSE}groups", groups.groups, name="groups"),
    path(f"{IN_COURSE}groups/save", groups.save, name="groups_save"),
    path(f"{IN_COURSE}groups/<int:partition>/uses", groups.uses, name="groups_uses"),
    path(f"{IN_COURSE}features", features.features, name="features"),
    path(f"{IN_COURSE}features/save", features.save, name="features_save"),
    path(f"{IN_COURSE}team", team.team, name="team"),
    path(f"{IN_COURSE}team/save", team.save, name="team_save"),
    path(f"{IN_COURSE}certificates", certificates.certificates, name="certificates"),
    path(f"{IN_COURSE}certificates/save", certificates.save, name="certificates_save"),
    path(f"{IN_COURSE}advanced", advanced.advanced, name="advanced"),
    path(f"{IN_COURSE}advanced/save", advanced.save, name="advanced_save"),
    path(f"{IN_COURSE}settings/undo", settings.undo, name="settings_undo"),
    path(f"{IN_COURSE}settings/<slug:name>/publish", settings.publish, name="settings_publish"),
    path(f"{IN_COURSE}settings/<slug:name>/discard", settings.discard, name="settings_discard"),
]

course_files: list[URLPattern | URLResolver] = [
    path(f"{IN_COURSE}files/", files.page, name="files"),
    path(f"{IN_COURSE}files/used", files.used, name="files_used"),
    path(f"{IN_COURSE}files/uses", files.uses, name="files_uses"),
    path(f"{IN_COURSE}files/change", files.change, name="files_change"),
    path(f"{IN_COURSE}files/undo", files.undo, name="files_undo"),
    path(f"{IN_COURSE}files/all.zip", filezip.download, name="files_zip"),
    path(f"{IN_COURSE}files/upload", uploads.upload, name="upload"),
    path(f"{IN_COURSE}uploads/", uploads.begin, name="uploads"),
    path(f"{IN_COURSE}uploads/take", uploads.take, name="uploads_take"),
    path(f"{IN_COURSE}uploads/<slug:key>", uploads.part, name="upload_part"),
    path(f"{IN_COURSE}static/<path:path>", files.static, name="static"),
]

choosing: list[URLPattern | URLResolver] = [
    path(f"{IN_COURSE}choose/file", pick.choose_file, name="choose_file"),
    path(f"{IN_COURSE}choose/place/<path:ref>", pick.choose_place, name="choose_place"),
]

moving: list[URLPattern | URLResolver] = [
    path(f"{IN_COURSE}import", transfers.import_page, name="import"),
    path(f"{IN_COURSE}import/<int:number>", transfers.import_report, name="import_report"),
    path(f"{IN_COURSE}import-part", transfers.part_page, name="import_part"),
    path(f"{IN_COURSE}import-part/<int:number>", transfers.part_report, name="import_part_report"),
    path(f"{IN_COURSE}undo/<slug:kind>/<int:number>", transfers.undo, name="transfer_undo"),
    path(f"{IN_COURSE}export", transfers.export_page, name="export"),
    path(f"{IN_COURSE}export/<int:number>", transfers.export_report, name="export_report"),
    path(f"{IN_COURSE}export/<int:number>/course.tar.gz", transfers.download, name="export_file"),
]

checking: list[URLPattern | URLResolver] = [
    path(f"{IN_COURSE}checks", checks.page, name="checks"),
    path(f"{IN_COURSE}checks/start", checks.start, name="checks_start"),
    path(f"{IN_COURSE}checks/<slug:kind>/<int:number>", checks.state, name="checks_state"),
]

repositories: list[URLPattern | URLResolver] = [
    path(f"{IN_COURSE}git", git.page, name="git"),
    path(f"{IN_COURSE}git/<slug:what>", git.act, name="git_act"),
    path(f"{IN_COURSE}git/<slug:what>/<int:number>", git.report, name="git_report"),
    path(f"{IN_COURSE}git/pull/<int:number>/undo", git.undo, name="git_undo"),
]

tagging: list[URLPattern | URLResolver] = [
    path("taxonomies", tags.taxonomies, name="taxonomies"),
    path("taxonomies/<int:number>", tags.taxonomy, name="taxonomy"),
    path("taxonomies/<int:number>.<slug:form>", tags.taxonomy_file, name="taxonomy_file"),
    path(f"{IN_COURSE}tags", tags.course_tags, name="tags"),
    path(f"{IN_COURSE}tags/<path:ref>", tags.tag, name="tag"),
]

shared: list[URLPattern | URLResolver] = [
    path("libraries", libraries.libraries, name="libraries"),
    path(f"{IN_COURSE}items", libraries.library, name="library"),
    path(f"{IN_COURSE}items/add", libraries.library_add, name="library_add"),
    path(f"{IN_COURSE}items/change", libraries.library_change, name="library_change"),
    path(f"{IN_COURSE}library/<path:ref>/pick", libraries.library_pick, name="library_pick"),
    path(f"{IN_COURSE}library-updates", libraries.library_updates, name="library_updates"),
    path(f"{IN_COURSE}library-updates/<path:ref>", libraries.library_update, name="library_update"),
]

urlpatterns = [
    *whole,
    *units,
    *tree,
    *transcripts,
    *publishing,
    *past,
    *trials,
    *components,
    *problems,
    *course_files,
    *choosing,
    *moving,
    *checking,
    *repositories,
    *tagging,
    *shared,
    *about_course,
]
