"""Which priority label the bot itself set last, so that one that a person changed is never touched again."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"


def upgrade() -> None:
    """Adds own_priority to tickets."""
    with op.batch_alter_table("tickets") as table:
        table.add_column(sa.Column("own_priority", sa.String(), nullable=True))
