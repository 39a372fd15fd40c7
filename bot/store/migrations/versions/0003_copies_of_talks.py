"""What tells that one log goes on where another ends: which quotes a mention has, and how far its talk reaches."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"


def upgrade() -> None:
    """Adds places and reach to mentions, alias to conversations."""
    with op.batch_alter_table("mentions") as table:
        table.add_column(sa.Column("places", sa.JSON(), nullable=False, server_default="[]"))
        table.add_column(sa.Column("reach", sa.BigInteger(), nullable=False, server_default="0"))
    with op.batch_alter_table("conversations") as table:
        table.add_column(sa.Column("alias", sa.String(), nullable=False, server_default=""))
