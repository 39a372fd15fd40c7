import pytest

from tests.extraction.talks import one

REPORTS = {
    "cannot": ("The second player can't join the lobby.", "Second player can't join the lobby"),
    "people cannot": ("Some customers cannot open their invoices.", "Customers cannot open their invoices"),
    "does not": ("Login doesn't work in Safari.", "Login doesn't work in Safari"),
    "fails to": ("The importer fails to parse empty rows.", "Importer fails to parse empty rows"),
    "keeps": ("Our workers keep dying.", "Workers keep dying"),
    "why": ("Any idea why does the dashboard take so long to load?", "Dashboard take so long to load"),
    "why is": ("Why is the search so slow on Mondays?", "Search is so slow on Mondays"),
    "fault verb": ("The app crashes when I rotate the phone.", "App crashes when I rotate the phone"),
    "condition first": ("When I click save, the page freezes.", "Page freezes when I click save"),
    "nothing happens": ("When I press export, nothing happens.", "Nothing happens when I press export"),
    "gets": ("I keep getting a 403 on the settings page.", "403 on the settings page"),
    "slow": ("It takes 40 seconds to load the invoice list.", "Loading the invoice list takes 40 seconds"),
    "wrong": ("The date picker on the form shows the wrong month.", "Date picker on the form shows the wrong month"),
    "twice": ("The webhook fires twice.", "Webhook fires twice"),
    "frame": ("We have a bug where the cart forgets its items.", "Cart forgets its items"),
    "named frame": ("There's a race condition in the lobby code.", "Race condition in the lobby code"),
    "reported": ("Users are reporting that the export button does nothing.", "Export button does nothing"),
    "found by": ("QA found that the tooltip overlaps the button.", "Tooltip overlaps the button"),
    "neglect": ("We never validate the webhook signature.", "Webhook signature is not validated"),
    "insecure": ("Passwords are stored in plain text!", "Passwords are stored in plain text"),
    "noticed": ("I noticed the sidebar doesn't collapse on mobile.", "Sidebar doesn't collapse on mobile"),
    "again": ("The nightly ETL job failed again last night.", "Nightly ETL job failed again last night"),
    "climbs": (
        "Memory usage keeps climbing until the pod restarts.",
        "Memory usage keeps climbing until the pod restarts",
    ),
    "finds nothing": ("The filter by owner returns nothing at all.", "Filter by owner returns nothing"),
    "forever": ("The upload dialog spins forever on slow lines.", "Upload dialog spins forever on slow lines"),
    "stays": ("The sidebar stays open after logging out.", "Sidebar stays open after logging out"),
    "turns": ("The editor turns black in dark mode.", "Editor turns black in dark mode"),
    "ignores": ("The scheduler ignores leap years.", "Scheduler ignores leap years"),
    "again and again": (
        "The tour pops up again and again on login.",
        "Tour pops up again and again on login",
    ),
    "noticed of us": ("I noticed that we send some invoices twice.", "We send some invoices twice"),
    "sometimes": (
        "The header sometimes shows another tenant's name.",
        "Header sometimes shows another tenant's name",
    ),
    "until": (
        "The badge keeps its old number until you reload the page.",
        "Badge keeps its old number until you reload the page",
    ),
    "instead of": ("The export lists ids instead of names.", "Export lists ids instead of names"),
    "off": ("The clock widget is ten minutes late.", "Clock widget is ten minutes late"),
    "wrong place": ("Email replies are sent to the wrong channel.", "Email replies are sent to the wrong channel"),
    "here, not there": ("The menu works in Chrome but not in Safari.", "Menu works in Chrome but not in Safari"),
    "perfect": ("The export button has disappeared.", "Export button has disappeared"),
    "data gone": ("My photos are gone after the sync.", "Photos are gone after the sync"),
    "destroys": ("The importer overwrites the user's notes.", "Importer overwrites the user's notes"),
    "clear text": ("The debug log shows tokens in clear text.", "Debug log shows tokens in clear text"),
    "anyone": ("Anyone with the link can edit the board.", "Anyone with the link can edit the board"),
    "contrast": (
        "The label says saved although it is really still pending.",
        "Label says saved although it is still pending",
    ),
    "blank page": ("The invite link leads to a blank page.", "Invite link leads to a blank page"),
    "so small": ("The font renders so small that it hurts.", "Font renders so small that it hurts"),
    "every single": (
        "The app asks for the pin after every single tap.",
        "App asks for the pin after every single tap",
    ),
    "treated": ("A long file name gets its last letter truncated.", "Long file name gets its last letter truncated"),
    "lets in": ("The upload form accepts any file.", "Upload form accepts any file"),
    "went out": ("The digest emails didn't go out this week.", "Digest emails didn't go out"),
    "joined": ("The rows are late and never reach the report.", "Rows are late and never reach the report"),
    "presumed": ("Has anyone noticed that the tooltip overlaps the chart?", "Tooltip overlaps the chart"),
    "verdict": ("I saw that the feed lists private notes! That shouldn't happen.", "Feed lists private notes"),
    "verdict aside": (
        "The job also sends mail to closed accounts, which should not happen.",
        "Job sends mail to closed accounts",
    ),
    "slower": (
        "The build used to take two minutes and now it takes 20 minutes.",
        "Build used to take two minutes and now it takes 20 minutes",
    ),
    "barely": ("The search barely works on tablets.", "Search barely works on tablets"),
    "unguarded": (
        "The admin page is open to the office network without authentication.",
        "Admin page is open to the office network without authentication",
    ),
    "no guard": ("There's no check on the upload size.", "No check on the upload size"),
    "taken for": ("Refunds show up as sales on the dashboard.", "Refunds show up as sales on the dashboard"),
    "number with comma": ("All 12,000 rows are duplicated.", "All 12,000 rows are duplicated"),
    "jumps": ("The page jumps to the top on every click.", "Page jumps to the top on every click"),
    "not undone": (
        "Old sessions remain valid after a password change.",
        "Old sessions remain valid after a password change",
    ),
    "others' data": (
        "You can read the invoices of other customers in the portal.",
        "You can read the invoices of other customers in the portal",
    ),
    "more than once": ("Users can redeem a coupon code twice.", "Users can redeem a coupon code twice"),
    "exposes": ("Our logs contain session ids.", "Logs contain session ids"),
    "nobody can": ("Nobody can open the admin page.", "Nobody can open the admin page"),
    "hours late": ("Push messages arrive hours late.", "Push messages arrive hours late"),
    "negative": ("The login counter goes negative.", "Login counter goes negative"),
    "manner": ("The sync job silently skips contacts.", "Sync job silently skips contacts"),
    "second click": (
        "The logout button only works on the second click.",
        "Logout button only works on the second click",
    ),
    "open to all": ("The metrics page is visible to everyone.", "Metrics page is visible to everyone"),
    "null": ('The email opens with "Hi null".', 'Email opens with "Hi null"'),
    "still gets": ("A deleted account still receives the newsletter.", "Deleted account still receives the newsletter"),
    "nothing is": ("Nothing is logged when a payment fails.", "Nothing is logged when a payment fails"),
    "exhausted": ("The connection pool of the database is exhausted.", "Connection pool of the database is exhausted"),
    "we leak": ("We log passwords in the debug output.", "We log passwords in the debug output"),
    "still, long ago": (
        "The sitemap still lists pages that we deleted months ago.",
        "Sitemap still lists pages that we deleted months ago",
    ),
    "since": (
        "Since the last update the login page flickers.",
        "Since the last update the login page flickers",
    ),
    "too far": ("Carets in the error output are two columns off.", "Carets in the error output are two columns off"),
}


@pytest.mark.parametrize(("text", "title"), REPORTS.values(), ids=REPORTS)
def test_described_faults_are_bugs(text, title):
    assert one(text) == [("bug", title)]


NONE = {
    "supposition": "If the server crashes, we would lose the queue.",
    "yes/no question": "Does the cache fail over automatically?",
    "mind": "I don't know why anybody would use that API.",
    "patience": "I can't wait to see the new app.",
    "past and mended": "We had a bug like that in the app last year but it was fixed.",
    "prohibition": "Don't break the API while you are at it.",
    "purpose": "Let's batch the inserts so it doesn't block the server.",
    "denied": "No errors in the build so far.",
    "idiom": "Edit distance in the parser isn't rocket science.",
    "quotation": 'The page is called "the server is down", a joke of ours.',
    "code span": "Grep the logs for `connection is broken`.",
    "home": "My dishwasher is broken.",
    "order": "Skip the hint on the login page, please.",
    "own doing": "Dropped the column on staging after lunch.",
    "own habit": "Haven't looked at the staging logs.",
    "person": "Even my boss gets it wrong in the app.",
    "she": "She is sending the server logs over.",
    "leading when": "When a payment fails, the app sends a mail.",
    "picked out": "Delete all the rows that are empty in the table.",
    "reason of work": "I have reverted the migration because the index was incorrect.",
    "aside of duty": "The API runs on version 9, which doesn't get updates, so we have to upgrade.",
    "unbuilt": "The API can't do pages yet.",
    "design": "The export button is hidden for guests by design.",
    "not ours": "The driver flickers on that GPU but there's nothing we can do about it.",
    "no more": "The build is no longer throwing an error.",
    "only twice": "I read the deployment guide twice.",
    "answer": "That was missing in the config!",
    "might": "Moving the table breaks any links that we might add to the schema.",
    "people's doing": "At the moment they delete the list and lose all the records.",
    "wanted": "If the token expires, the user gets a 401, which is what we want.",
    "contract": "The endpoint returns a 404 for unknown ids.",
    "rule of access": "Guests can't edit pages, only members can.",
    "good habit": "We never store passwords in plain text.",
    "other service": "GitHub is down today.",
    "rival": "Our competitor's app crashes all the time.",
    "own machine": "My laptop is dying, the tests have to wait.",
    "manual": "The docs say that the call fails when the key is missing.",
    "imagined": "Imagine the server goes down during the demo!",
    "on purpose": "The worker restarts itself after each job to free memory.",
    "until": "Each request is retried three times before it fails.",
    "twice as": "The page loads twice as fast as before.",
    "empty lines": "The importer ignores empty lines.",
    "default": "The search field is empty by default.",
    "hope": "Fingers crossed that nothing breaks in production.",
    "own slip": "I keep forgetting how promises work in the API.",
    "no match": "Python is too slow for that kind of query.",
    "gate": "The button isn't clickable until the form is valid.",
    "normal": "The app shows a blank page while it loads, that's normal.",
    "rights": "A user can't open that page without admin rights.",
    "why we left": "The old database was down every week, that's why we switched.",
    "own typo": "The problem was a typo in my config.",
    "stable now": "The tests were flaky before, now they're stable.",
    "none": "Please check that no emails get lost.",
    "nothing": "Sorry, I misread the log, nothing is broken.",
    "bad input": "The endpoint returns an error when the token is invalid.",
    "long ago": "The API crashed under load two years ago.",
    "foreign why": "Why is GitHub so slow today?",
    "not back": "The crash in the editor hasn't come back.",
    "worry": "I'm worried that the queue might crash one day.",
}


@pytest.mark.parametrize("text", NONE.values(), ids=NONE)
def test_what_sounds_like_a_fault_and_is_none(text):
    assert one(text) == []


def test_wrong_documentation_is_a_task():
    assert one("The installation guide is outdated.") == [("todo", "Update the installation guide: outdated")]


def test_two_faults_in_one_sentence_are_two_findings():
    text = "The alerts arrive too late, and the login page throws an exception for new users."
    assert [title for _, title in one(text)] == [
        "Alerts arrive too late",
        "Login page throws an exception for new users",
    ]


def test_chat_spelling_is_understood():
    assert one("the staging db backups havent run since march") == [
        ("bug", "Staging db backups haven't run since march")
    ]


def test_a_ticket_passed_on_in_a_quotation_is_heard():
    ticket = "> the map freezes on my tablet"
    assert one(f"Two customers wrote about this:\n\n{ticket}") == [("bug", "Map freezes on my tablet")]
    assert one(f"Look at this here:\n\n{ticket}") == []


def test_a_cause_found_right_after_is_no_second_fault():
    text = "The images in old posts are broken. It looks like the new container doesn't mount the upload folder."
    assert len(one(text)) == 1


def test_the_reason_of_a_duty_is_no_fault_of_its_own():
    text = "We have to upgrade the database because version 9 doesn't get updates."
    assert one(text) == [("todo", "Upgrade the database")]


def test_a_lack_that_people_ask_about_is_no_fault():
    assert "bug" not in [kind for kind, _ in one("People ask why they can't take photos of the page.")]
