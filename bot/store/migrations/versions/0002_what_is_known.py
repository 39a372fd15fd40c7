"""What is known, in the form in which it is compared, and what a new ticket is possibly the same as."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    """Makes the tables of retrieval; every target is listed anew, for its tickets to be taken up."""
    op.create_table(
        "corpora",
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("entries", sa.Integer(), nullable=False),
        sa.Column("length", sa.BigInteger(), nullable=False),
        sa.Column("next", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("name"),
    )
    op.create_table(
        "corpus_entries",
        sa.Column("corpus", sa.String(), nullable=False),
        sa.Column("number", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("digest", sa.String(), nullable=False),
        sa.Column("entry", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("corpus", "number"),
        sa.UniqueConstraint("corpus", "name"),
    )
    op.create_table(
        "corpus_postings",
        sa.Column("corpus", sa.String(), nullable=False),
        sa.Column("term", sa.String(), nullable=False),
        sa.Column("block", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("count", sa.Integer(), nullable=False),
        sa.Column("data", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("corpus", "term", "block"),
    )
    op.create_index("corpus_postings_counts", "corpus_postings", ["corpus", "term", "count"], unique=False)
    with op.batch_alter_table("actions") as table:
        table.add_column(sa.Column("similar", sa.JSON(), nullable=False, server_default="[]"))
    op.execute("UPDATE targets SET cursor = ''")
