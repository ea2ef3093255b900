"""The ladder of engagement that a council starts with; each council edits its own.

The rungs are those of a district council's engagement strategy of 2015, from
telling people something to working in partnership with them; the promises are
in our words.
"""

from django.db import migrations

LADDER = [
    (
        "Informing",
        "We tell people something",
        "We will keep you informed in plain words. We are not asking for answers.",
        False,
    ),
    (
        "Consulting",
        "We ask people what they think",
        "We will listen to what you think and tell you what came of it.",
        True,
    ),
    (
        "Involving",
        "We bring people together to talk about issues and ideas",
        "We will work through the issues with you. The decision stays with us, "
        "and we will show where your ideas are in it.",
        True,
    ),
    (
        "Participating",
        "We work out with the community what to do",
        "We will develop solutions together with you before anything is decided.",
        True,
    ),
    (
        "Empowering",
        "We help people to run something themselves",
        "You will decide or run this. We will support you and step back.",
        True,
    ),
    (
        "Partnership",
        "We design and do it jointly with partners",
        "We and our partners will design, decide and do this together with you.",
        True,
    ),
]


def load(apps, editor):
    level = apps.get_model("council", "EngagementLevel")
    for order, (name, in_other_words, promise, takes_responses) in enumerate(LADDER, 1):
        level.objects.get_or_create(
            name=name,
            defaults={
                "order": order,
                "in_other_words": in_other_words,
                "promise": promise,
                "takes_responses": takes_responses,
            },
        )


def unload(apps, editor):
    names = [name for name, *_ in LADDER]
    apps.get_model("council", "EngagementLevel").objects.filter(name__in=names).delete()


class Migration(migrations.Migration):
    dependencies = [("council", "0001_start")]

    operations = [migrations.RunPython(load, unload)]
