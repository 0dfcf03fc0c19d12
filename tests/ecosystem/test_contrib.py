"""xblocks-contrib and the blocks in it that are not ours: pdf, word_cloud, annotatable, poll_question."""

from __future__ import annotations

from playwright.sync_api import Page, expect

from tests.ecosystem.hosts import Site


def test_a_pdf_of_the_course_is_shown_and_may_be_downloaded(site: Site, alice: Page) -> None:
    alice.goto(site.unit("pdf"))
    source = alice.locator(".pdf_block iframe").get_attribute("src")
    assert source is not None

    assert alice.request.get(source).body().startswith(b"%PDF")
    assert site.events("edx.pdf.loaded", "alice")[-1]["event"]["url"] == "/static/paper.pdf"

    with alice.expect_response("**/on_download"):
        alice.get_by_text("Download the PDF", exact=True).click(modifiers=["Alt"])

    assert len(site.events("edx.pdf.downloaded", "alice")) == 1


def test_words_become_a_cloud(site: Site, alice: Page) -> None:
    alice.goto(site.unit("word_cloud"))
    cloud = alice.locator(".xblock-student_view-word_cloud")
    for field, word in zip(cloud.locator("input.input-cloud").all(), ("Leaf", "root"), strict=True):
        field.fill(word)
    cloud.get_by_role("button", name="Save").click()

    expect(cloud.locator(".your_words")).to_contain_text("leaf")
    expect(cloud.locator(".word_cloud svg text").first).to_be_visible()  # words that find no room are left out
    assert site.state("alice", "word_cloud@words") == {"submitted": True, "student_words": ["leaf", "root"]}
    assert site.shared("usage", "word_cloud@words")["all_words"] == {"leaf": 1, "root": 1}


def test_a_marked_word_tells_its_note(site: Site, alice: Page) -> None:
    alice.goto(site.unit("annotatable"))
    alice.locator(".annotatable-span", has_text="spruce").hover()

    expect(alice.locator(".qtip-content", has_text="It keeps its leaves.")).to_be_visible()
    alice.get_by_text("Hide Annotations").click()
    expect(alice.get_by_text("Show Annotations")).to_be_visible()


def test_a_poll_of_old_is_voted_in(site: Site, alice: Page) -> None:
    alice.goto(site.unit("poll_question"))
    poll = alice.locator(".poll_question")
    poll.locator(".poll_answer", has_text="Yes").locator(".text").click()

    expect(poll.locator(".poll_answer", has_text="Yes").locator(".number")).to_have_text("1 (100.0%)")
    assert site.state("alice", "poll_question@old_poll") == {"voted": True, "poll_answer": "yes"}
    assert site.shared("usage", "poll_question@old_poll") == {"poll_answers": {"yes": 1, "no": 0}}
