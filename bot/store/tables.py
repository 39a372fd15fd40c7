"""The tables of the state database. Times are ISO 8601 in UTC, so that they sort and read alike everywhere."""

from __future__ import annotations

from sqlalchemy import (
    JSON,
    BigInteger,
    Boolean,
    Column,
    Float,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    String,
    Table,
    Text,
    UniqueConstraint,
    text,
)

metadata = MetaData()

# One row, key "revision": counts every change that could make a plan stale.
counters = Table(
    "counters", metadata, Column("name", String, primary_key=True), Column("value", Integer, nullable=False)
)

logs = Table(
    "logs",
    metadata,
    Column("path", String, primary_key=True),
    Column("source", String, nullable=False),
    Column("outcome", String, nullable=False),  # read | skipped | failed
    Column("signature", String, nullable=False, default=""),  # size, time and inode of one that was not read
    Column("format", String, nullable=False, default=""),
    Column("cursor", Text),  # JSON of bot.logs.Cursor; NULL until the log was read once
    Column("problem", Text, nullable=False, default=""),
    Column("not_understood", JSON, nullable=False, default=list),
    Column("conversations", Integer, nullable=False, default=0),
    Column("turns", JSON, nullable=False, default=dict),  # role -> count
    Column("bytes_read", Integer, nullable=False, default=0),
    Column("read_at", String, nullable=False),
)

# The id is of the conversation in its log: two logs may tell the same talk, or two talks that begin alike.
conversations = Table(
    "conversations",
    metadata,
    Column("id", String, primary_key=True),
    Column("log", String, nullable=False, index=True),
    Column("name", String, nullable=False),  # the reader's id, which a copy shares
    Column("alias", String, nullable=False, server_default=""),  # the reader's id since the log was rewritten
    Column("format", String, nullable=False),
    Column("title", String, nullable=False, default=""),
    Column("started", String),
    Column("context", JSON, nullable=False, default=list),  # redacted turns that later turns may refer to
)

findings = Table(
    "findings",
    metadata,
    Column("id", String, primary_key=True),
    Column("fingerprint", String, nullable=False, unique=True),
    Column("kind", String, nullable=False),
    Column("title", String, nullable=False),
    Column("confidence", Float, nullable=False),
    Column("priority", String, nullable=False),
    Column("status", String, nullable=False),
    Column("detectors", JSON, nullable=False),
    Column("why", JSON, nullable=False),
    Column("source", String, nullable=False),
    Column(
        "disposition", String, nullable=False, index=True
    ),  # new | approved | filed | known | held | dropped | refused
    Column("cause", String, nullable=False, default=""),  # of a held one: threshold | cap | undone | route | tracker
    Column("reason", Text, nullable=False, default=""),
    Column("generation", Integer, nullable=False, default=1),
    Column("first_seen", String, nullable=False),
    Column("last_seen", String, nullable=False),
)

# Every fingerprint a loose end has had: a better title for the same words is another name, not another loose end.
fingerprints = Table(
    "fingerprints",
    metadata,
    Column("fingerprint", String, primary_key=True),
    Column("finding", String, ForeignKey("findings.id"), nullable=False),
)

# What one conversation says of a loose end; the finding's own columns sum these up.
mentions = Table(
    "mentions",
    metadata,
    Column("finding", String, ForeignKey("findings.id"), primary_key=True),
    Column("conversation", String, primary_key=True),
    Column("title", String, nullable=False),
    Column("status", String, nullable=False),
    Column("confidence", Float, nullable=False),
    Column("priority", String, nullable=False),
    Column("detectors", JSON, nullable=False),
    Column("why", JSON, nullable=False),
    Column("seen", String, nullable=False),
    Column("places", JSON, nullable=False, server_default="[]"),  # of the quotes that this talk has of it
    # How far the talk goes: milliseconds of its last time, else its last line. Only copies of one talk are compared.
    Column("reach", BigInteger, nullable=False, server_default="0"),
)

evidence = Table(
    "evidence",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("finding", String, ForeignKey("findings.id"), nullable=False),
    Column("place", String, nullable=False),  # the same words of the same message have the same place in every copy
    Column("conversation", String, nullable=False),
    Column("log", String, nullable=False),
    Column("source", String, nullable=False),
    Column("line_start", Integer, nullable=False),
    Column("line_end", Integer, nullable=False),
    Column("role", String, nullable=False),
    Column("speaker", String, nullable=False),
    Column("quote", Text, nullable=False),
    Column("turn", String, nullable=False, default=""),
    Column("said", String),  # NULL where the log gives no time
    Column("seen", String, nullable=False),  # the time said, else the log's own, never later than the run
    Column("told", Boolean, nullable=False, default=False),  # is it in a ticket yet?
    Column("before", Text, nullable=False, server_default=""),  # the lines around it, redacted and shortened
    Column("after", Text, nullable=False, server_default=""),
    UniqueConstraint("finding", "place"),
)

targets = Table(
    "targets",
    metadata,
    Column("name", String, primary_key=True),
    Column("cursor", Text, nullable=False, default=""),
    Column("place", String, nullable=False, default=""),  # digest of its config: another place is another tracker
    Column("read_at", String),
)

tickets = Table(
    "tickets",
    metadata,
    Column("target", String, primary_key=True),
    Column("id", String, primary_key=True),
    Column("key", String, nullable=False),
    Column("url", String, nullable=False),
    Column("title", String, nullable=False),
    Column("title_key", String, nullable=False, index=True),
    Column("state", String, nullable=False),
    Column("closed_as", String),
    Column("closed_at", String),
    Column("duplicate_of", String),
    Column("labels", JSON, nullable=False),
    Column("version", String, nullable=False),
    Column("own_version", String),  # as our last write left it; NULL for tickets that people filed
    Column("fingerprint", String, index=True),  # NULL for tickets that people filed
    Column("action", String),
    Column("author", String, nullable=False, default=""),
    Column("created_at", String, nullable=False),
    Column("updated_at", String, nullable=False),
    Column("verdict", String, nullable=False, default="untouched"),
    Column("verdict_at", String),
    Column("own_priority", String),  # as the bot's label last set it; '' once a person changed it, NULL if unknown
)

actions = Table(
    "actions",
    metadata,
    Column("id", String, primary_key=True),
    Column("run", String, ForeignKey("runs.id"), nullable=False, index=True),
    Column("kind", String, nullable=False),
    Column("target", String, nullable=False),
    Column("finding", String, ForeignKey("findings.id"), nullable=False),
    Column("fingerprint", String, nullable=False),
    Column("generation", Integer, nullable=False),
    Column("ticket", String, nullable=False, default=""),
    Column("quotes", Integer, nullable=False),  # the newest evidence.id known when it began: what it can tell of
    Column("reason", Text, nullable=False),
    Column("similar", JSON, nullable=False, default=list, server_default="[]"),  # what a new ticket points to
    Column("status", String, nullable=False),  # pending | done | failed
    Column("error", Text, nullable=False, default=""),
    Column("created_at", String, nullable=False),
    Column("finished_at", String),
    # "Nothing twice" rests on this: one ticket per loose end, target and generation. The migration that makes it sets
    # the condition for PostgreSQL, too; to name that dialect here would import it at every start.
    Index(
        "one_create",
        "target",
        "fingerprint",
        "generation",
        unique=True,
        sqlite_where=text("kind = 'create' AND status != 'failed'"),
    ),
    Index("actions_status", "status"),
)

runs = Table(
    "runs",
    metadata,
    Column("id", String, primary_key=True),
    Column("command", String, nullable=False),
    Column("started_at", String, nullable=False),
    Column("finished_at", String),
    Column("summary", JSON, nullable=False, default=dict),
)

reviews = Table(
    "reviews",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("target", String, nullable=False),
    Column("ticket", String, nullable=False),
    Column("finding", String),
    Column("verdict", String, nullable=False),
    Column("seen_at", String, nullable=False),
    Column("who", String, nullable=False, server_default="tracker"),  # where a person said it: tracker | terminal
)

# The ticket in a target that the bot keeps up to date; it is no ticket of a loose end, and in no other table.
dashboards = Table(
    "dashboards",
    metadata,
    Column("target", String, primary_key=True),
    Column("ticket", String, nullable=False),
    Column("key", String, nullable=False),
    Column("state", String, nullable=False),  # open | closed | deleted | hands_off
    Column("version", String, nullable=False),  # as last seen or written
    Column("written", String, nullable=False),  # digest of what stands there, "" where nobody knows
    Column("ticked", JSON, nullable=False),  # the latest boxes that people ticked and the bot has seen to
)

# What is known, in the form in which it is compared (bot.matching): a corpus for each target, one for the findings.
corpora = Table(
    "corpora",
    metadata,
    Column("name", String, primary_key=True),
    Column("entries", Integer, nullable=False),
    Column("length", BigInteger, nullable=False),  # of all entries together
    Column("next", Integer, nullable=False),  # the number of the next entry
)

corpus_entries = Table(
    "corpus_entries",
    metadata,
    Column("corpus", String, primary_key=True),
    Column("number", Integer, primary_key=True, autoincrement=False),
    Column("name", String, nullable=False),  # the id of the ticket or finding
    Column("digest", String, nullable=False),  # of what it was made from
    Column("entry", LargeBinary, nullable=False),
    UniqueConstraint("corpus", "name"),
    sqlite_with_rowid=False,
)

# How often a term is there is asked far more often than where.
corpus_terms = Table(
    "corpus_terms",
    metadata,
    Column("corpus", String, primary_key=True),
    Column("term", String, primary_key=True),
    Column("entries", Integer, nullable=False),  # that have it
    sqlite_with_rowid=False,
)

# Packed by the block of entry numbers, so that a term of a hundred thousand tickets is read in a few rows.
corpus_postings = Table(
    "corpus_postings",
    metadata,
    Column("corpus", String, primary_key=True),
    Column("term", String, primary_key=True),
    Column("block", Integer, primary_key=True, autoincrement=False),
    Column("data", LargeBinary, nullable=False),
    sqlite_with_rowid=False,
)

# Made by the sentence model that is configured, once for each entry as it stands.
corpus_vectors = Table(
    "corpus_vectors",
    metadata,
    Column("corpus", String, primary_key=True),
    Column("model", String, primary_key=True),
    Column("name", String, primary_key=True),  # of the entry
    Column("digest", String, nullable=False),  # of what it was made from
    Column("data", LargeBinary, nullable=False),
)
