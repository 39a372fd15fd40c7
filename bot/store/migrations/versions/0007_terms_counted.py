"""How many entries have a term, counted once; and tables of retrieval that are their own index."""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"


def upgrade() -> None:
    """Makes the tables of retrieval anew, with what they hold."""
    op.drop_index("corpus_postings_counts", "corpus_postings")
    for name in ("corpus_postings", "corpus_entries"):
        op.rename_table(name, f"old_{name}")
    op.create_table(
        "corpus_terms",
        sa.Column("corpus", sa.String(), primary_key=True),
        sa.Column("term", sa.String(), primary_key=True),
        sa.Column("entries", sa.Integer(), nullable=False),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "corpus_postings",
        sa.Column("corpus", sa.String(), primary_key=True),
        sa.Column("term", sa.String(), primary_key=True),
        sa.Column("block", sa.Integer(), primary_key=True, autoincrement=False),
        sa.Column("data", sa.LargeBinary(), nullable=False),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "corpus_entries",
        sa.Column("corpus", sa.String(), primary_key=True),
        sa.Column("number", sa.Integer(), primary_key=True, autoincrement=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("digest", sa.String(), nullable=False),
        sa.Column("entry", sa.LargeBinary(), nullable=False),
        sa.UniqueConstraint("corpus", "name"),
        sqlite_with_rowid=False,
    )
    op.execute(
        "INSERT INTO corpus_terms SELECT corpus, term, SUM(count) FROM old_corpus_postings"
        " GROUP BY corpus, term ORDER BY corpus, term"
    )
    op.execute(
        "INSERT INTO corpus_postings SELECT corpus, term, block, data FROM old_corpus_postings"
        " ORDER BY corpus, term, block"
    )
    op.execute(
        "INSERT INTO corpus_entries SELECT corpus, number, name, digest, entry FROM old_corpus_entries"
        " ORDER BY corpus, number"
    )
    for name in ("corpus_postings", "corpus_entries"):
        op.drop_table(f"old_{name}")
