"""How people get in, what they show of themselves, whom they follow, and standing pages.

Revision: 0003, after 0002
"""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('pages',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('name', sa.String(length=40), nullable=False),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_pages')),
    sa.UniqueConstraint('name', name=op.f('uq_pages_name'))
    )
    op.create_table('theme_aliases',
    sa.Column('slug', sa.String(length=120), nullable=False),
    sa.Column('theme_id', sa.Integer(), nullable=False),
    sa.ForeignKeyConstraint(['theme_id'], ['themes.id'], name=op.f('fk_theme_aliases_theme_id_themes'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('slug', name=op.f('pk_theme_aliases'))
    )
    with op.batch_alter_table('theme_aliases', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_theme_aliases_theme_id'), ['theme_id'], unique=False)

    op.create_table('address_changes',
    sa.Column('user_id', sa.Integer(), nullable=False),
    sa.Column('email', sa.String(length=254), nullable=False),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('expires_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('old_confirmed_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('new_confirmed_at', sa.DateTime(timezone=True), nullable=True),
    sa.ForeignKeyConstraint(['user_id'], ['users.id'], name=op.f('fk_address_changes_user_id_users'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('user_id', name=op.f('pk_address_changes'))
    )
    op.create_table('agreements',
    sa.Column('user_id', sa.Integer(), nullable=False),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.Column('accepted_at', sa.DateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['user_id'], ['users.id'], name=op.f('fk_agreements_user_id_users'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('user_id', 'version', name=op.f('pk_agreements'))
    )
    op.create_table('expertise',
    sa.Column('user_id', sa.Integer(), nullable=False),
    sa.Column('slug', sa.String(length=60), nullable=False),
    sa.Column('name', sa.String(length=60), nullable=False),
    sa.ForeignKeyConstraint(['user_id'], ['users.id'], name=op.f('fk_expertise_user_id_users'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('user_id', 'slug', name=op.f('pk_expertise'))
    )
    with op.batch_alter_table('expertise', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_expertise_slug'), ['slug'], unique=False)

    op.create_table('help_requests',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('asker_id', sa.Integer(), nullable=False),
    sa.Column('topic', sa.Enum('question', 'blogger', 'specialist', 'ambassador', 'accessibility', name='helptopic', native_enum=False, length=20), nullable=False),
    sa.Column('theme_id', sa.Integer(), nullable=True),
    sa.Column('path', sa.String(length=300), server_default='', nullable=False),
    sa.Column('message', sa.Text(), server_default='', nullable=False),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('answer', sa.Text(), server_default='', nullable=False),
    sa.Column('answered_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('answered_by_id', sa.Integer(), nullable=True),
    sa.Column('submission_key', sa.String(length=36), nullable=True),
    sa.ForeignKeyConstraint(['answered_by_id'], ['users.id'], name=op.f('fk_help_requests_answered_by_id_users')),
    sa.ForeignKeyConstraint(['asker_id'], ['users.id'], name=op.f('fk_help_requests_asker_id_users')),
    sa.ForeignKeyConstraint(['theme_id'], ['themes.id'], name=op.f('fk_help_requests_theme_id_themes')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_help_requests')),
    sa.UniqueConstraint('submission_key', name=op.f('uq_help_requests_submission_key'))
    )
    with op.batch_alter_table('help_requests', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_help_requests_asker_id'), ['asker_id'], unique=False)
        batch_op.create_index('ix_help_requests_open', ['answered_at', 'id'], unique=False)

    op.create_table('invitations',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('email', sa.String(length=254), nullable=False),
    sa.Column('name', sa.String(length=120), server_default='', nullable=False),
    sa.Column('message', sa.Text(), server_default='', nullable=False),
    sa.Column('token_hash', sa.String(length=64), nullable=False),
    sa.Column('invited_by_id', sa.Integer(), nullable=True),
    sa.Column('user_id', sa.Integer(), nullable=True),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('sent_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('expires_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('accepted_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('withdrawn_at', sa.DateTime(timezone=True), nullable=True),
    sa.ForeignKeyConstraint(['invited_by_id'], ['users.id'], name=op.f('fk_invitations_invited_by_id_users')),
    sa.ForeignKeyConstraint(['user_id'], ['users.id'], name=op.f('fk_invitations_user_id_users')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_invitations')),
    sa.UniqueConstraint('token_hash', name=op.f('uq_invitations_token_hash'))
    )
    with op.batch_alter_table('invitations', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_invitations_user_id'), ['user_id'], unique=False)
        batch_op.create_index('uq_invitations_open', ['email'], unique=True, sqlite_where=sa.text('accepted_at IS NULL AND withdrawn_at IS NULL'), postgresql_where=sa.text('accepted_at IS NULL AND withdrawn_at IS NULL'))

    op.create_table('page_versions',
    sa.Column('page_id', sa.Integer(), nullable=False),
    sa.Column('number', sa.Integer(), nullable=False),
    sa.Column('title', sa.String(length=200), nullable=False),
    sa.Column('body', sa.Text(), server_default='', nullable=False),
    sa.Column('body_html', sa.Text(), server_default='', nullable=False),
    sa.Column('note', sa.String(length=250), server_default='', nullable=False),
    sa.Column('minor', sa.Boolean(), nullable=False),
    sa.Column('in_force', sa.Date(), nullable=False),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('author_id', sa.Integer(), nullable=True),
    sa.ForeignKeyConstraint(['author_id'], ['users.id'], name=op.f('fk_page_versions_author_id_users')),
    sa.ForeignKeyConstraint(['page_id'], ['pages.id'], name=op.f('fk_page_versions_page_id_pages'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('page_id', 'number', name=op.f('pk_page_versions'))
    )
    op.create_table('person_follows',
    sa.Column('user_id', sa.Integer(), nullable=False),
    sa.Column('person_id', sa.Integer(), nullable=False),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['person_id'], ['users.id'], name=op.f('fk_person_follows_person_id_users')),
    sa.ForeignKeyConstraint(['user_id'], ['users.id'], name=op.f('fk_person_follows_user_id_users')),
    sa.PrimaryKeyConstraint('user_id', 'person_id', name=op.f('pk_person_follows'))
    )
    with op.batch_alter_table('person_follows', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_person_follows_person_id'), ['person_id'], unique=False)

    op.create_table('registrations',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('email', sa.String(length=254), nullable=False),
    sa.Column('name', sa.String(length=120), nullable=False),
    sa.Column('message', sa.Text(), server_default='', nullable=False),
    sa.Column('state', sa.Enum('open', 'approved', 'declined', name='requeststate', native_enum=False, length=20), nullable=False),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('decided_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('decided_by_id', sa.Integer(), nullable=True),
    sa.Column('answer', sa.Text(), server_default='', nullable=False),
    sa.ForeignKeyConstraint(['decided_by_id'], ['users.id'], name=op.f('fk_registrations_decided_by_id_users')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_registrations'))
    )
    with op.batch_alter_table('registrations', schema=None) as batch_op:
        batch_op.create_index('ix_registrations_state', ['state', 'id'], unique=False)
        batch_op.create_index('uq_registrations_open', ['email'], unique=True, sqlite_where=sa.text("state = 'open'"), postgresql_where=sa.text("state = 'open'"))

    op.create_table('theme_follows',
    sa.Column('user_id', sa.Integer(), nullable=False),
    sa.Column('theme_id', sa.Integer(), nullable=False),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['theme_id'], ['themes.id'], name=op.f('fk_theme_follows_theme_id_themes')),
    sa.ForeignKeyConstraint(['user_id'], ['users.id'], name=op.f('fk_theme_follows_user_id_users')),
    sa.PrimaryKeyConstraint('user_id', 'theme_id', name=op.f('pk_theme_follows'))
    )
    with op.batch_alter_table('theme_follows', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_theme_follows_theme_id'), ['theme_id'], unique=False)

    with op.batch_alter_table('users', schema=None) as batch_op:
        batch_op.add_column(sa.Column('phone', sa.String(length=40), server_default='', nullable=False))
        batch_op.add_column(sa.Column('photo_sha256', sa.String(length=64), nullable=True))
        batch_op.add_column(sa.Column('photo_audience', sa.Enum('members', 'groups', 'manager', name='audience', native_enum=False, length=20), server_default='members', nullable=False))
        batch_op.add_column(sa.Column('job_title_audience', sa.Enum('members', 'groups', 'manager', name='audience', native_enum=False, length=20), server_default='members', nullable=False))
        batch_op.add_column(sa.Column('department_audience', sa.Enum('members', 'groups', 'manager', name='audience', native_enum=False, length=20), server_default='members', nullable=False))
        batch_op.add_column(sa.Column('expertise_audience', sa.Enum('members', 'groups', 'manager', name='audience', native_enum=False, length=20), server_default='members', nullable=False))
        batch_op.add_column(sa.Column('about_audience', sa.Enum('members', 'groups', 'manager', name='audience', native_enum=False, length=20), server_default='members', nullable=False))
        batch_op.add_column(sa.Column('phone_audience', sa.Enum('members', 'groups', 'manager', name='audience', native_enum=False, length=20), server_default='manager', nullable=False))
        batch_op.add_column(sa.Column('email_audience', sa.Enum('members', 'groups', 'manager', name='audience', native_enum=False, length=20), server_default='manager', nullable=False))
        batch_op.add_column(sa.Column('accepted_rules', sa.Integer(), server_default='0', nullable=False))
        batch_op.add_column(sa.Column('welcomed_at', sa.DateTime(timezone=True), nullable=True))
        batch_op.add_column(sa.Column('introduced_at', sa.DateTime(timezone=True), nullable=True))
        batch_op.add_column(sa.Column('followed_at', sa.DateTime(timezone=True), nullable=True))
        batch_op.add_column(sa.Column('answered_at', sa.DateTime(timezone=True), nullable=True))
        batch_op.add_column(sa.Column('steps_closed_at', sa.DateTime(timezone=True), nullable=True))
        batch_op.create_index(batch_op.f('ix_users_welcomed_at'), ['welcomed_at'], unique=False)
    # Who knows the community already needs no first day; the house rules are asked of everyone.
    op.execute(
        "UPDATE users SET welcomed_at = created_at, steps_closed_at = created_at"
        " WHERE last_seen_at IS NOT NULL"
    )


def downgrade() -> None:
    with op.batch_alter_table('users', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_users_welcomed_at'))
        batch_op.drop_column('steps_closed_at')
        batch_op.drop_column('answered_at')
        batch_op.drop_column('followed_at')
        batch_op.drop_column('introduced_at')
        batch_op.drop_column('welcomed_at')
        batch_op.drop_column('accepted_rules')
        batch_op.drop_column('email_audience')
        batch_op.drop_column('phone_audience')
        batch_op.drop_column('about_audience')
        batch_op.drop_column('expertise_audience')
        batch_op.drop_column('department_audience')
        batch_op.drop_column('job_title_audience')
        batch_op.drop_column('photo_audience')
        batch_op.drop_column('photo_sha256')
        batch_op.drop_column('phone')

    with op.batch_alter_table('theme_follows', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_theme_follows_theme_id'))

    op.drop_table('theme_follows')
    with op.batch_alter_table('registrations', schema=None) as batch_op:
        batch_op.drop_index('uq_registrations_open', sqlite_where=sa.text("state = 'open'"), postgresql_where=sa.text("state = 'open'"))
        batch_op.drop_index('ix_registrations_state')

    op.drop_table('registrations')
    with op.batch_alter_table('person_follows', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_person_follows_person_id'))

    op.drop_table('person_follows')
    op.drop_table('page_versions')
    with op.batch_alter_table('invitations', schema=None) as batch_op:
        batch_op.drop_index('uq_invitations_open', sqlite_where=sa.text('accepted_at IS NULL AND withdrawn_at IS NULL'), postgresql_where=sa.text('accepted_at IS NULL AND withdrawn_at IS NULL'))
        batch_op.drop_index(batch_op.f('ix_invitations_user_id'))

    op.drop_table('invitations')
    with op.batch_alter_table('help_requests', schema=None) as batch_op:
        batch_op.drop_index('ix_help_requests_open')
        batch_op.drop_index(batch_op.f('ix_help_requests_asker_id'))

    op.drop_table('help_requests')
    with op.batch_alter_table('expertise', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_expertise_slug'))

    op.drop_table('expertise')
    op.drop_table('agreements')
    op.drop_table('address_changes')
    with op.batch_alter_table('theme_aliases', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_theme_aliases_theme_id'))

    op.drop_table('theme_aliases')
    op.drop_table('pages')
