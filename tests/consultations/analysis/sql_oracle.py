"""Published figures counted again by SQL over the stored documents (PostgreSQL).

Nothing of the portal's own counting is used: no codes, no matrix, no models. Every
function takes the key of a consultation; `differences` compares a whole release.
"""

from django.db import connection

SENT = "FROM consultations_response WHERE consultation_id = %s AND status = 'sent'"


def _rows(sql, *parameters):
    with connection.cursor() as cursor:
        cursor.execute(sql, parameters)
        return cursor.fetchall()


def option_counts(consultation, key):
    """How often each option was chosen, whether one or several could be."""
    sql = f"""
        SELECT chosen, count(*)
        FROM (SELECT answers -> %s AS answer {SENT}
              AND jsonb_exists(answers, %s)) given,
        LATERAL jsonb_array_elements_text(
            CASE jsonb_typeof(answer) WHEN 'array' THEN answer
            ELSE jsonb_build_array(answer) END) AS chosen
        GROUP BY chosen
    """
    return dict(_rows(sql, key, consultation, key))


def row_counts(consultation, key):
    """How often each option was chosen in each row of a grid."""
    sql = f"""
        SELECT part.key, part.value, count(*)
        FROM (SELECT answers -> %s AS answer {SENT}
              AND jsonb_exists(answers, %s)) given,
        LATERAL jsonb_each_text(answer) AS part
        GROUP BY part.key, part.value
    """
    found = {}
    for row, option, number in _rows(sql, key, consultation, key):
        found.setdefault(row, {})[option] = number
    return found


def answered(consultation, key):
    """How many gave an answer that is not empty."""
    sql = f"""
        SELECT count(*) {SENT} AND jsonb_exists(answers, %s)
        AND answers -> %s NOT IN ('[]', '{{}}', '""', 'null')
    """
    return _rows(sql, consultation, key, key)[0][0]


def numbers(consultation, key):
    """Middle, lowest and highest number, and how many there are."""
    sql = f"""
        SELECT percentile_cont(0.5) WITHIN GROUP (ORDER BY value), min(value),
               max(value), count(*)
        FROM (SELECT (answers ->> %s)::numeric AS value {SENT}
              AND jsonb_exists(answers, %s)) given
    """
    return _rows(sql, key, consultation, key)[0]


def channels(consultation):
    """How many were received and how many count, by channel."""
    sql = """
        SELECT channel, count(*), count(*) FILTER (WHERE status = 'sent')
        FROM consultations_response
        WHERE consultation_id = %s AND status <> 'superseded' GROUP BY channel
    """
    return {channel: (all_, sent) for channel, all_, sent in _rows(sql, consultation)}


def exclusions(consultation):
    """How many were left out, by reason."""
    sql = """
        SELECT excluded_because, count(*) FROM consultations_response
        WHERE consultation_id = %s AND status = 'excluded' GROUP BY excluded_because
    """
    return dict(_rows(sql, consultation))


def differences(release):
    """Every figure of a release that SQL does not find; an empty list is agreement.

    For consultations whose questions were asked in one wording only.
    """
    consultation = release.consultation_id
    found = [
        difference
        for table in release.tables
        for difference in _of_table(consultation, table)
    ]
    counts = release.counts
    by_channel = {
        row["channel"]: (row["received"], row["counted"]) for row in counts["channels"]
    }
    wanted = channels(consultation)
    if by_channel != wanted:
        found.append(f"channels {by_channel} instead of {wanted}")
    if counts["counted"] != sum(sent for _all, sent in wanted.values()):
        found.append(f"counted {counts['counted']}")
    if counts["excluded"] != exclusions(consultation):
        found.append(f"excluded {counts['excluded']}")
    return found


def _of_table(consultation, table):
    key = table["key"]
    total = answered(consultation, key)
    if table["answered"] != total:
        yield f"{key}: answered {table['answered']} instead of {total}"
    wanted = option_counts(consultation, key) if table["options"] else {}
    yield from _of_options(key, table, wanted)
    rows = row_counts(consultation, key) if table["rows"] else {}
    for row in table["rows"]:
        yield from _of_options(f"{key}/{row['key']}", row, rows.get(row["key"], {}))
    if table["numbers"]:
        middle, lowest, highest, number = numbers(consultation, key)
        told = [table["numbers"][name] for name in ("middle", "lowest", "highest")]
        if [float(t.replace(",", "")) for t in told] != [
            round(float(value), 2) for value in (middle, lowest, highest)
        ]:
            yield f"{key}: numbers {told}"
        if sum(b["count"] for b in table["numbers"]["bins"]) != number:
            yield f"{key}: the bins do not add up to {number}"


def _of_options(name, figures, wanted):
    aside = 0
    for option in figures["options"]:
        count = wanted.get(option["key"], 0)
        if option["count"] != count:
            yield f"{name}/{option['key']}: {option['count']} instead of {count}"
        if option["role"] in {"dont_know", "prefer_not_to_say"}:
            aside += count
    yield from _of_percentages(name, figures, wanted)
    net = figures["net"]
    if net:
        sides = {"for": 0, "against": 0}
        for option in figures["options"]:
            side = "for" if option["role"].endswith("positive") else "against"
            if option["role"].endswith(("positive", "negative")):
                sides[side] += wanted.get(option["key"], 0)
        base = figures["answered"] - aside
        exact = 100 * (sides["for"] - sides["against"]) / base
        if net["base"] != base or abs(net["value"] - exact) > 0.5:
            yield f"{name}: net {net['signed']} instead of {exact:.1f}"


def _of_percentages(name, figures, wanted):
    for option in figures["options"]:
        if option["percent"] is None:
            continue
        exact = 100 * wanted.get(option["key"], 0) / figures["base"]
        if abs(option["percent"] - exact) > 0.5:
            yield f"{name}/{option['key']}: {option['percent']}% is not {exact:.2f}%"
