"""The bot's own ticket in each target, and who gave a verdict."""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"


def upgrade() -> None:
    """Adds dashboards, and who to reviews."""
    op.create_table(
        "dashboards",
        sa.Column("target", sa.String(), primary_key=True),
        sa.Column("ticket", sa.String(), nullable=False),
        sa.Column("key", sa.String(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("version", sa.String(), nullable=False),
        sa.Column("written", sa.String(), nullable=False),
        sa.Column("ticked", sa.JSON(), nullable=False),
    )
    with op.batch_alter_table("reviews") as table:
        table.add_column(sa.Column("who", sa.String(), nullable=False, server_default="tracker"))
