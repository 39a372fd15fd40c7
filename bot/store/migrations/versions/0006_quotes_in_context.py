"""The lines around each quote, so that it can be judged without its log at hand."""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"


def upgrade() -> None:
    """Adds before and after to evidence; quotes that are known already have none."""
    with op.batch_alter_table("evidence") as table:
        table.add_column(sa.Column("before", sa.Text(), nullable=False, server_default=""))
        table.add_column(sa.Column("after", sa.Text(), nullable=False, server_default=""))
