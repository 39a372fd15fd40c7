"""A month in the life of a small team, day by day under a fixed clock: what is said, what people do to the tickets."""

CONFIG = "learning: {reviews: 5}\nfiling: {sightings: {raise_after: 3}}\n"
PARTS = ("billing page", "invoice export", "login form", "search index", "avatar upload", "audit log")
LATER = ("session cache", "webhook queue")
CRASH = "The importer crashes when the file is empty."
MENU = "Let's leave tidying the menu until next month."


def live(project):
    """From Monday, 2 March 2026, to Friday, 3 April, with a run each weekday; returns the summaries of the runs."""
    project.config(CONFIG)
    summaries = []
    for day in range(33):
        if day % 7 < 5:
            _talk(project, day)
            summaries.append(project.run())
            _review(project, day)
        project.wait(days=1)
    return summaries


def _talk(project, day):
    said = {0: [CRASH], 2: [MENU], 7: [CRASH], 8: [CRASH], 9: [CRASH]}.get(day, [])
    if day < 5:
        said = [*said, f"TODO: rework the {PARTS[day]}"]
    if day == 10:
        said = [f"TODO: rework the {LATER[0]}", f"TODO: rework the {LATER[1]}", "Hello"]
    if day == 15:
        said = [CRASH, "I have fixed the importer, it no longer crashes when the file is empty."]
    if said:
        project.log(f"day-{day:02}.md", *said)


def _review(project, day):
    """The team wants bugs and no chores: all chores are turned down at the end of the first week."""
    open_ones = {ticket.title.lower(): ticket for ticket in project.tickets() if "needs-review" in ticket.labels}
    for title, ticket in open_ones.items():
        if day == 4 and title.startswith("rework"):
            project.edit(ticket.key, "- needs-review", "- rejected")
        if day == 4 and "crash" in title:
            project.edit(ticket.key, "- needs-review", "- accepted")
