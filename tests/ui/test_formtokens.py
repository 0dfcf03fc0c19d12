"""The token of forms of blocks."""

from __future__ import annotations

from lykeion.ui.formtokens import with_token


def test_a_form_to_a_handler_of_a_block_gets_the_token_and_no_other_form_does():
    ours = '<form method="post" action="/courses/course-v1:A+B+C/xblock/x/handler/h" data-action="a->b">'
    others = (
        '<form method="post" action="https://evil.example/courses/course-v1:A+B+C/xblock/x">'
        '<form method="post" action="//evil.example/courses/course-v1:A+B+C/xblock/x">'
        '<form method="post" action="/account/logout/"><form>'
    )

    html = with_token(ours + others, "t0ken")

    assert html == ours + '<input type="hidden" name="csrfmiddlewaretoken" value="t0ken">' + others
