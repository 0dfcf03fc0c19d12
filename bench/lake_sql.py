"""Every metric as somebody who knows DuckDB would write it by hand, to measure ours beside.

``{enrol}`` and so on stand for the settled files of a kind, ``{end}`` for the first day that is not counted; the table
``outline`` says in which part of its course each block is, ``people`` what learners told of themselves.
"""

from __future__ import annotations

ACTIVATED = "edx.course.enrollment.activated"
DEACTIVATED = "edx.course.enrollment.deactivated"
_SENT = """
    ends AS (SELECT course_id, problem_id, user_id, sum(answered)::BIGINT AS n,
                    arg_min(coalesce(first_parts, last_parts), day) AS first_parts, min(first_at) AS first_at,
                    arg_min(first_id, day) AS first_id, arg_max(last_parts, day) AS last_parts,
                    max(last_at) AS last_at, arg_max(last_id, day) AS last_id,
                    arg_max(display_name, day) AS display_name
             FROM {attempts} WHERE answered > 0 AND user_id IS NOT NULL AND day < '{end}' GROUP BY 1, 2, 3),
    given AS (SELECT course_id, problem_id, user_id, n, display_name, n = 1 AS f, true AS l, (last_at, last_id) AS rank,
                     unnest(last_parts) AS part FROM ends
              UNION ALL SELECT course_id, problem_id, user_id, n, display_name, true, false, (first_at, first_id),
                               unnest(first_parts) FROM ends WHERE n > 1)"""
_WATCHED = """
    kept AS (SELECT * FROM {viewings} WHERE day < '{end}'),
    spread AS (SELECT course_id, video_id, user_id, unnest(range("first", "last" + 1)) AS segment FROM kept),
    sums AS (SELECT course_id, video_id, segment, count(DISTINCT user_id) AS users, count(*) AS views
             FROM spread GROUP BY 1, 2, 3),
    viewers AS (SELECT course_id, video_id, user_id, max(length) AS length FROM kept GROUP BY 1, 2, 3),
    reached AS (SELECT *, count(length) OVER (PARTITION BY course_id, video_id ORDER BY length DESC NULLS LAST) AS n,
                       count(length) OVER (PARTITION BY course_id, video_id) AS everybody FROM viewers),
    ends AS (SELECT course_id, video_id, count(*) AS viewers,
                    max(length) FILTER (n >= least(everybody, greatest(2, (everybody + 19) // 20))) AS length
             FROM reached GROUP BY 1, 2)"""
_ENDS = f"""
    told AS (SELECT course_id, user_id, event_type, time, time::DATE AS day,
                    CASE mode WHEN 'no-id-professional' THEN 'professional' ELSE mode END AS mode,
                    row_number() OVER (PARTITION BY course_id, user_id
                                       ORDER BY time, event_type, mode, event_id) AS place
             FROM {{enrol}} WHERE time < '{{end}}' AND user_id IS NOT NULL),
    switched AS (SELECT *, max(CASE event_type WHEN '{ACTIVATED}' THEN place * 2 + 1
                                               WHEN '{DEACTIVATED}' THEN place * 2 END)
                           OVER (PARTITION BY course_id, user_id ORDER BY place) AS switch FROM told),
    day_ends AS (SELECT course_id, user_id, day, arg_max(mode, place) AS mode,
                        coalesce(arg_max(switch, place), 0) % 2 AS enrolled
                 FROM switched GROUP BY 1, 2, 3)"""
_GRADES = """
    latest AS (SELECT course_id, user_id, arg_max(percent, day) FILTER (percent IS NOT NULL) AS percent,
                      arg_max(letter, day) FILTER (percent IS NOT NULL) AS letter,
                      arg_max(word, day) FILTER (word IS NOT NULL) AS word
               FROM {marks} WHERE day < '{end}' GROUP BY 1, 2),
    grades AS (SELECT course_id, user_id, percent, coalesce(word, letter <> '', false) AS passed FROM latest)"""


_POSTS = "('thread', 'response', 'comment')"


def _counts(suffix: str) -> str:
    """What learners did, counted."""
    return f"""coalesce(sum(times) FILTER (kind = 'problem'), 0) AS problem_attempts{suffix},
               count(DISTINCT entity) FILTER (kind = 'problem') AS problems_attempted{suffix},
               count(DISTINCT entity) FILTER (kind = 'problem' AND well > 0) AS problems_completed{suffix},
               count(DISTINCT entity) FILTER (kind = 'video') AS videos_viewed{suffix},
               coalesce(sum(times) FILTER (kind IN {_POSTS}), 0) AS discussion_contributions{suffix},
               count(DISTINCT day) AS days_active{suffix}"""


_DID = """
    done AS (SELECT * FROM {engagement} WHERE day < '{end}'
             AND kind IN ('problem', 'video', 'thread', 'response', 'comment'))"""
_WEEK = f"""{_DID},
    sums AS (SELECT course_id, user_id, {_counts("")} FROM done WHERE day >= DATE '{{end}}' - 7 GROUP BY 1, 2),
    week AS (SELECT *, CASE WHEN problem_attempts > 0 THEN
                           coalesce(problem_attempts::DOUBLE / nullif(problems_completed, 0), 'infinity'::DOUBLE)
                       END AS attempts_per_completed FROM sums)"""
_EVER = f"ever AS (SELECT course_id, user_id, {_counts('_ever')} FROM done GROUP BY 1, 2)"
_STANDING = """
    standing AS (SELECT course_id, user_id, arg_max(mode, day) AS mode, arg_max(enrolled, day) AS enrolled
                 FROM day_ends GROUP BY 1, 2)"""


def _daily(kind: str, source: str) -> str:
    """Learners by day and ``kind``."""
    return f"""
        moved AS (SELECT *, lag({kind}) OVER w AS old_kind, lag(enrolled) OVER w AS old_state FROM {source}
                  WINDOW w AS (PARTITION BY course_id, user_id ORDER BY day)),
        changes AS (SELECT course_id, {kind}, day, enrolled AS change, 1 AS ever FROM moved
                    UNION ALL SELECT course_id, old_kind, day, -old_state, -1 FROM moved WHERE old_kind IS NOT NULL),
        days AS (SELECT course_id, {kind}, day, sum(change) AS change, sum(ever) AS ever FROM changes GROUP BY 1, 2, 3),
        levels AS (SELECT course_id, {kind}, day, sum(change) OVER w AS count, sum(ever) OVER w AS cumulative,
                          coalesce(lead(day) OVER w, DATE '{{end}}') AS until
                   FROM days WINDOW w AS (PARTITION BY course_id, {kind} ORDER BY day))
        SELECT course_id, {kind}, count, cumulative, day + unnest(range(until - day))::INTEGER AS day
        FROM levels WHERE cumulative > 0"""


_RANGED = (
    "problem_attempts",
    "problems_attempted",
    "problems_completed",
    "videos_viewed",
    "discussion_contributions",
    "attempts_per_completed",
)
# Between two infinite values quantile_cont finds none:
_ENDLESS = """CASE WHEN quantile_cont(least({name}, 1e300), 0.{hundredths}) > 1e200 THEN 'infinity'::DOUBLE
                ELSE quantile_cont(least({name}, 1e300), 0.{hundredths}) END AS {name}_{end}"""
_RANGES = "ranges AS (SELECT course_id, {} FROM week GROUP BY 1)".format(
    ", ".join(
        f"quantile_cont({name}::DOUBLE, 0.{hundredths}) AS {name}_{end}"
        if name != "attempts_per_completed"
        else _ENDLESS.format(name=name, hundredths=hundredths, end=end)
        for name in _RANGED
        for end, hundredths in (("low", 15), ("high", 85))
    )
)
_SPANS = {"day": ("day", "day, "), "week": ("date_trunc('week', day)::DATE AS week", "week, "), "ever": ("", "")}


_PAGE = "arg_max(entity, (last, entity)) FILTER (kind = 'page')"


def _report(span: str, by: str) -> str:
    """What each learner did, in each ``span``."""
    span = f"{span}, " if span else ""
    return f"""
        WITH authors AS (SELECT course_id, post_id, min(user_id) AS user_id FROM {{forum}}
                         WHERE event_type IN ('edx.forum.thread.created', 'edx.forum.response.created',
                               'edx.forum.comment.created') AND user_id IS NOT NULL AND time < '{{end}}' GROUP BY 1, 2),
        got AS (SELECT v.time::DATE AS day, course_id, a.user_id, vote, sum(change) AS times
                FROM {{forum}} v JOIN authors a USING (course_id, post_id)
                WHERE event_type LIKE '%.voted' AND vote IN ('up', 'down') AND time < '{{end}}' GROUP BY 1, 2, 3, 4),
        every AS (SELECT day, course_id, user_id, kind, entity, times, well, last FROM {{engagement}}
                  WHERE day < '{{end}}'
                  UNION ALL SELECT day, course_id, user_id, 'got', vote, times, 0, NULL FROM got)
        SELECT {span}course_id, user_id, count(DISTINCT day) FILTER (kind <> 'got') AS days_active,
               count(DISTINCT entity) FILTER (kind = 'problem') AS problems_attempted,
               coalesce(sum(times) FILTER (kind = 'problem'), 0) AS problem_attempts,
               count(DISTINCT entity) FILTER (kind = 'problem' AND well > 0) AS problems_correct,
               count(DISTINCT entity) FILTER (kind = 'video') AS videos_played,
               coalesce(sum(times) FILTER (kind = 'thread'), 0) AS forum_posts,
               coalesce(sum(times) FILTER (kind = 'response'), 0) AS forum_responses,
               coalesce(sum(times) FILTER (kind = 'comment'), 0) AS forum_comments,
               coalesce(sum(times) FILTER (kind = 'up'), 0) AS upvotes_given,
               coalesce(sum(times) FILTER (kind = 'down'), 0) AS downvotes_given,
               coalesce(sum(times) FILTER (kind = 'got' AND entity = 'up'), 0) AS upvotes_received,
               coalesce(sum(times) FILTER (kind = 'got' AND entity = 'down'), 0) AS downvotes_received,
               coalesce(sum(times) FILTER (kind = 'book'), 0) AS textbook_pages,
               split_part({_PAGE}, '/', 1) || '/' || split_part({_PAGE}, '/', 2) AS last_subsection_viewed
        FROM every GROUP BY {by}course_id, user_id"""


_DONE = """
    done AS (SELECT course_id, user_id, block_id FROM {completion}
             WHERE course_id IS NOT NULL AND user_id IS NOT NULL AND time < '{end}'
             GROUP BY 1, 2, 3 HAVING arg_max(completion, (time, event_id)) >= 1)"""

SQL: dict[str, str] = {
    "activity": """
        SELECT course_id, date_trunc('week', day)::DATE AS week, count(DISTINCT user_id) AS "any",
               count(DISTINCT user_id) FILTER (attempts > 0) AS attempted,
               count(DISTINCT user_id) FILTER (plays > 0) AS played,
               count(DISTINCT user_id) FILTER (posts > 0) AS posted
        FROM {activity} WHERE day < '{end}' GROUP BY 1, 2""",
    "answers": f"""
        WITH {_SENT},
        counted AS (SELECT course_id, problem_id, part.part_id AS part_id,
                           coalesce(part.value_id, part.answer) AS value, part.variant AS variant,
                           arg_max(part.answer, rank) AS answer, arg_max(part.correct, rank) AS correct,
                           count(*) FILTER (f) AS first_count, count(*) FILTER (l) AS last_count,
                           arg_max(coalesce(part.response_type, ''), rank) AS kind, max(rank) AS newest
                    FROM given GROUP BY 1, 2, 3, 4, 5),
        parts AS (SELECT course_id, problem_id, part_id FROM counted GROUP BY 1, 2, 3
                  HAVING arg_max(kind, newest) IN ('choiceresponse', 'optionresponse', 'multiplechoiceresponse',
                         'numericalresponse', 'stringresponse', 'formularesponse'))
        SELECT course_id, problem_id, part_id, value, variant, answer, correct, first_count, last_count
        FROM counted SEMI JOIN parts USING (course_id, problem_id, part_id)""",
    "items": f"""
        WITH {_SENT},
        marked AS (SELECT course_id, problem_id, user_id, rank, n, display_name, f, l, part.part_id AS part_id,
                          part.question AS question, coalesce(part.correct, false)::BIGINT AS x FROM given),
        lasts AS (SELECT *, sum(x) OVER (PARTITION BY course_id, user_id)::BIGINT - x AS y FROM marked WHERE l),
        facts AS (SELECT course_id, problem_id, part_id, arg_max(display_name, rank) AS display_name,
                         arg_max(question, rank) AS question, count(*) AS learners, sum(n) AS submissions,
                         sum(x)::BIGINT AS right_last, sum(y)::BIGINT AS sy, sum(y * y)::BIGINT AS syy,
                         sum(x * y)::BIGINT AS sxy
                  FROM lasts GROUP BY 1, 2, 3),
        firsts AS (SELECT course_id, problem_id, part_id, sum(x) AS right_first FROM marked WHERE f GROUP BY 1, 2, 3)
        SELECT course_id, problem_id, part_id, display_name, question, learners, submissions,
               coalesce(right_first, 0) AS right_first, right_last,
               (learners * sxy - right_last * sy)::DOUBLE / nullif(sqrt(
                   ((learners * right_last - right_last * right_last) * (learners * syy - sy * sy))::DOUBLE), 0)
                   AS discrimination
        FROM facts LEFT JOIN firsts USING (course_id, problem_id, part_id)""",
    "responses": """
        WITH ends AS (SELECT course_id, problem_id, user_id, sum(answered)::BIGINT AS attempts,
                             arg_max(last_parts, day) AS parts, min(first_at) AS first_at, max(last_at) AS last_at,
                             arg_max(display_name, day) AS display_name, arg_max(grade, day) AS grade,
                             arg_max(max_grade, day) AS max_grade
                      FROM {attempts} WHERE answered > 0 AND user_id IS NOT NULL AND day < '{end}' GROUP BY 1, 2, 3),
        each_part AS (SELECT * EXCLUDE parts, unnest(parts) AS part FROM ends)
        SELECT * EXCLUDE part, part.part_id AS part_id, part.question AS question, part.answer AS answer,
               part.correct AS correct
        FROM each_part""",
    "timeline": f"""
        WITH {_WATCHED}
        SELECT sums.* FROM sums JOIN ends USING (course_id, video_id) WHERE segment <= floor(length)::BIGINT // 5""",
    "videos": f"""
        WITH {_WATCHED},
        each_one AS (SELECT course_id, video_id, user_id, floor(any_value(length))::BIGINT // 5 + 1 AS segments,
                            count(DISTINCT segment) FILTER (segment <= floor(length)::BIGINT // 5) AS n
                     FROM spread JOIN ends USING (course_id, video_id) GROUP BY 1, 2, 3),
        nearly AS (SELECT course_id, video_id, count(*) FILTER (n * 100 >= segments * 95) AS everybody
                   FROM each_one GROUP BY 1, 2)
        SELECT course_id, video_id, any_value(length) AS duration, any_value(viewers) AS viewers,
               coalesce(sum(users) FILTER (segment = 0), 0) AS users_at_start,
               coalesce(sum(users) FILTER (segment = floor(greatest(length - 30, 0.95 * length))::BIGINT // 5), 0)
                   AS users_at_end, any_value(everybody) AS users_of_all
        FROM sums JOIN ends USING (course_id, video_id) JOIN nearly USING (course_id, video_id)
        WHERE segment <= floor(length)::BIGINT // 5 GROUP BY 1, 2""",
    "enrolment": f"WITH {_ENDS}, {_daily('mode', 'day_ends')}",
    "enrolment_by_gender": f"""
        WITH {_ENDS},
        traits AS (SELECT day_ends.*, CASE WHEN gender IN ('f', 'm', 'o') THEN gender ELSE '' END AS gender
                   FROM day_ends LEFT JOIN people USING (user_id)), {_daily("gender", "traits")}""",
    "enrolments": f"""
        WITH {_ENDS},
        seen AS (SELECT *, coalesce(lag(switch) OVER (PARTITION BY course_id, user_id ORDER BY place), 0) % 2 AS was
                 FROM switched),
        marked AS (SELECT *, event_type = '{ACTIVATED}' AND was = 0 AS came, event_type = '{DEACTIVATED}' AND was = 1
                             AS gone,
                          came OR (was = 1 AND event_type NOT IN ('{ACTIVATED}', '{DEACTIVATED}')) AS chose FROM seen)
        SELECT course_id, user_id, coalesce(max(switch), 0) % 2 AS enrolled,
               arg_max(mode, place) FILTER (chose) AS mode, arg_min(mode, place) FILTER (came) AS first_mode,
               min(time) FILTER (came) AS first_at, max(time) FILTER (gone) AS last_left,
               min(time) FILTER (chose AND mode = 'verified') AS first_verified,
               min(time) FILTER (chose AND mode = 'credit') AS first_credit
        FROM marked GROUP BY 1, 2 HAVING first_at IS NOT NULL""",
    "demography": f"""
        WITH {_ENDS}, {_STANDING},
        who AS (SELECT course_id, enrolled, CASE WHEN gender IN ('f', 'm', 'o') THEN gender ELSE '' END AS gender,
                       coalesce(year_of_birth::VARCHAR, '') AS birth_year, coalesce(country, '') AS country,
                       CASE WHEN education IN ('p_se', 'p_oth') THEN 'p'
                            WHEN education IN ('none', 'el', 'jhs', 'hs', 'a', 'b', 'm', 'p', 'other') THEN education
                            ELSE '' END AS education
                FROM standing LEFT JOIN people USING (user_id)),
        one AS (UNPIVOT who ON gender, birth_year, education, country INTO NAME trait VALUE value)
        SELECT course_id, trait, value, sum(enrolled) AS count, count(*) AS cumulative FROM one GROUP BY 1, 2, 3""",
    "summary": f"""
        WITH {_ENDS}, {_STANDING}, {_GRADES},
        before AS (SELECT course_id, user_id, arg_max(mode, day) AS mode, arg_max(enrolled, day) AS enrolled
                   FROM day_ends WHERE day < DATE '{{end}}' - 7 GROUP BY 1, 2),
        then_ AS (SELECT course_id, mode, sum(enrolled) AS was FROM before GROUP BY 1, 2),
        now AS (SELECT course_id, mode, sum(enrolled) AS count, count(*) AS cumulative,
                       count(*) FILTER (passed) AS passing
                FROM standing LEFT JOIN grades USING (course_id, user_id) GROUP BY 1, 2)
        SELECT course_id, mode, coalesce(count, 0) AS count, coalesce(cumulative, 0) AS cumulative,
               coalesce(count, 0) - coalesce(was, 0) AS change, coalesce(passing, 0) AS passing
        FROM now FULL JOIN (FROM then_ WHERE was > 0) USING (course_id, mode)""",
    "modules": f"""
        SELECT course_id, CASE WHEN kind IN {_POSTS} THEN 'discussion' ELSE kind END AS entity_type,
               entity AS entity_id, count(DISTINCT user_id) AS learners, sum(times) AS events,
               count(DISTINCT user_id) FILTER (day >= DATE '{{end}}' - 7) AS week_learners,
               coalesce(sum(times) FILTER (day >= DATE '{{end}}' - 7), 0) AS week_events
        FROM {{engagement}} WHERE day < '{{end}}' AND (kind IN ('problem', 'video') OR kind IN {_POSTS})
        GROUP BY 1, 2, 3""",
    "module_engagement": f"""
        SELECT course_id, user_id, day, CASE WHEN kind IN {_POSTS} THEN 'discussion' ELSE kind END AS entity_type,
               entity AS entity_id,
               CASE kind WHEN 'problem' THEN 'attempted' WHEN 'video' THEN 'viewed' ELSE 'contributed' END AS event,
               sum(times) AS count
        FROM {{engagement}} WHERE day < '{{end}}' AND (kind IN ('problem', 'video') OR kind IN {_POSTS})
        GROUP BY 1, 2, 3, 4, 5, 6
        UNION ALL SELECT course_id, user_id, day, 'problem', entity, 'completed', well
        FROM {{engagement}} WHERE day < '{{end}}' AND well > 0""",
    **{f"engagement_{span}": _report(*keys) for span, keys in _SPANS.items()},
    "tags": """
        WITH found AS (SELECT course_id, problem_id, sum(sent) AS submissions, sum(well) AS correct,
                              unnest(arg_max(tags, (tags_at, tags_id))) AS tag
                       FROM {attempts} WHERE day < '{end}' GROUP BY 1, 2)
        SELECT course_id, problem_id, tag.name AS name, tag.value AS value, submissions, correct FROM found""",
    "visits": """
        SELECT course_id, split_part(entity, '/', 1) AS section, split_part(entity, '/', 2) AS subsection,
               count(DISTINCT user_id) AS learners, sum(times) AS views
        FROM {engagement} WHERE day < '{end}' AND kind = 'page' GROUP BY 1, 2, 3""",
    "reach": f"""
        WITH {_ENDS}, {_STANDING},
        sizes AS (SELECT course_id, part_id, kind, count(*) AS there FROM places GROUP BY 1, 2, 3),
        each_one AS (SELECT course_id, part_id, kind, user_id, count(DISTINCT entity) AS n
                     FROM {{engagement}} JOIN places USING (course_id, kind, entity)
                     SEMI JOIN (FROM standing WHERE enrolled = 1) now USING (course_id, user_id)
                     WHERE day < '{{end}}' GROUP BY 1, 2, 3, 4)
        SELECT course_id, part_id, kind, any_value(there) AS there, count(*) AS some,
               count(*) FILTER (n = there) AS every
        FROM each_one JOIN sizes USING (course_id, part_id, kind) GROUP BY 1, 2, 3""",
    "retention": f"""
        WITH first AS (SELECT course_id, user_id, date_trunc('week', min(time))::DATE AS cohort FROM {{enrol}}
                       WHERE event_type = '{ACTIVATED}' AND time < '{{end}}' AND user_id IS NOT NULL GROUP BY 1, 2),
        sizes AS (SELECT course_id, cohort, count(*) AS size FROM first GROUP BY 1, 2),
        seen AS (SELECT DISTINCT course_id, user_id, date_trunc('week', day)::DATE AS week FROM {{activity}}
                 WHERE day < '{{end}}')
        SELECT course_id, cohort, (week - cohort) // 7 AS since, count(*) AS active, any_value(size) AS size
        FROM seen JOIN first USING (course_id, user_id) JOIN sizes USING (course_id, cohort)
        WHERE week >= cohort GROUP BY 1, 2, 3""",
    "grades": f"""
        WITH {_GRADES}
        SELECT course_id, least(floor(percent * 10)::BIGINT, 9) AS tenth, count(*) AS learners,
               count(*) FILTER (passed) AS passed
        FROM grades WHERE percent IS NOT NULL GROUP BY 1, 2""",
    "averages": f"""
        WITH {_GRADES}
        SELECT course_id, count(*) AS learners, count(*) FILTER (passed) AS passed,
               sum(floor(percent * 1e6 + 0.5)) / count(*) / 1e6 AS average,
               quantile_cont(floor(percent * 1e6 + 0.5) / 1e6, 0.5) AS median
        FROM grades WHERE percent IS NOT NULL GROUP BY 1""",
    "scores": """
        WITH lasts AS (SELECT course_id, problem_id, user_id, arg_max_null(grade, day) AS grade,
                              arg_max_null(max_grade, day) AS max_grade
                       FROM {attempts} WHERE answered > 0 AND user_id IS NOT NULL AND day < '{end}' GROUP BY 1, 2, 3)
        SELECT course_id, problem_id, grade, max_grade, count(*) AS learners FROM lasts WHERE grade IS NOT NULL
        GROUP BY 1, 2, 3, 4""",
    "completion": f"""
        WITH {_DONE} SELECT course_id, block_id, count(*) AS learners FROM done GROUP BY 1, 2""",
    "funnel": f"""
        WITH {_DONE},
        sizes AS (SELECT course_id, part_id, count(*) AS blocks FROM outline GROUP BY 1, 2),
        each_one AS (SELECT course_id, part_id, user_id, count(*) AS n
                     FROM done JOIN outline USING (course_id, block_id) GROUP BY 1, 2, 3)
        SELECT course_id, part_id, count(*) AS started, count(*) FILTER (n = blocks) AS finished
        FROM each_one JOIN sizes USING (course_id, part_id) GROUP BY 1, 2""",
    "ranges": f"WITH {_WEEK}, {_RANGES} SELECT * FROM ranges",
    "learners": f"""
        WITH {_ENDS}, {_STANDING}, {_WEEK}, {_EVER}, {_RANGES}, {_GRADES},
        now AS (SELECT course_id, user_id, mode FROM standing WHERE enrolled = 1),
        since AS (SELECT course_id, user_id, min(time)::DATE AS enrolled_on FROM {{enrol}}
                  WHERE event_type = '{ACTIVATED}' GROUP BY 1, 2),
        active AS (SELECT course_id, user_id, max(last) AS last,
                          count(*) FILTER (day >= DATE '{{end}}' - 7) AS this_week,
                          count(*) FILTER (day >= DATE '{{end}}' - 14 AND day < DATE '{{end}}' - 7) AS week_before
                   FROM {{activity}} WHERE day < '{{end}}' GROUP BY 1, 2),
        known AS (SELECT *, coalesce(this_week, 0) > 0 AS here, coalesce(week_before, 0) > 0 AS before
                  FROM now JOIN since USING (course_id, user_id) LEFT JOIN active USING (course_id, user_id)
                  LEFT JOIN grades USING (course_id, user_id) LEFT JOIN week USING (course_id, user_id)
                  LEFT JOIN ever USING (course_id, user_id)
                  LEFT JOIN ranges USING (course_id))
        SELECT course_id, user_id, mode, enrolled_on, last, percent, coalesce(problem_attempts, 0) AS problem_attempts,
               coalesce(problems_attempted, 0) AS problems_attempted,
               coalesce(problems_completed, 0) AS problems_completed, coalesce(videos_viewed, 0) AS videos_viewed,
               coalesce(discussion_contributions, 0) AS discussion_contributions,
               coalesce(days_active, 0) AS days_active, {
        ", ".join(f"coalesce({name}_ever, 0) AS {name}_ever" for name in (*_RANGED[:5], "days_active"))
    }, attempts_per_completed, coalesce(passed, false) AS passed,
               coalesce({
        " OR ".join(f"(coalesce({name}, 0) >= {name}_high AND {name}_high > {name}_low)" for name in _RANGED[1:5])
    }, false) AS highly_engaged,
               coalesce(attempts_per_completed >= attempts_per_completed_high
                        AND (attempts_per_completed_high > attempts_per_completed_low
                             OR isinf(attempts_per_completed_high)), false) AS struggling,
               NOT here AND before AS disengaging, NOT here AND NOT before AS inactive,
               NOT coalesce(passed, false) AND NOT here AND last IS NOT NULL AS at_risk
        FROM known""",
}
