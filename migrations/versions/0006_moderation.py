"""Cases of reports, decisions and appeals, more of groups, attention, crises, and a chained log.

Revision: 0006, after 0005
"""

import json
from datetime import UTC, timedelta
from hashlib import sha256

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('log_heads',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('rows', sa.Integer(), server_default='0', nullable=False),
    sa.Column('hash', sa.String(length=64), server_default='', nullable=False),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_log_heads'))
    )
    op.create_table('blocks',
    sa.Column('user_id', sa.Integer(), nullable=False),
    sa.Column('person_id', sa.Integer(), nullable=False),
    sa.Column('level', sa.Enum('mute', 'block', name='blocklevel', native_enum=False, length=20), nullable=False),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['person_id'], ['users.id'], name=op.f('fk_blocks_person_id_users')),
    sa.ForeignKeyConstraint(['user_id'], ['users.id'], name=op.f('fk_blocks_user_id_users')),
    sa.PrimaryKeyConstraint('user_id', 'person_id', name=op.f('pk_blocks'))
    )
    with op.batch_alter_table('blocks', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_blocks_person_id'), ['person_id'], unique=False)

    op.create_table('crises',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('mode', sa.Enum('banner', 'premoderation', 'read_only', name='crisismode', native_enum=False, length=20), nullable=False),
    sa.Column('banner', sa.Text(), server_default='', nullable=False),
    sa.Column('reason', sa.Text(), server_default='', nullable=False),
    sa.Column('theme_id', sa.Integer(), nullable=True),
    sa.Column('group_id', sa.Integer(), nullable=True),
    sa.Column('started_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('started_by_id', sa.Integer(), nullable=True),
    sa.Column('ended_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('ended_by_id', sa.Integer(), nullable=True),
    sa.Column('report', sa.Text(), server_default='', nullable=False),
    sa.ForeignKeyConstraint(['ended_by_id'], ['users.id'], name=op.f('fk_crises_ended_by_id_users')),
    sa.ForeignKeyConstraint(['group_id'], ['groups.id'], name=op.f('fk_crises_group_id_groups')),
    sa.ForeignKeyConstraint(['started_by_id'], ['users.id'], name=op.f('fk_crises_started_by_id_users')),
    sa.ForeignKeyConstraint(['theme_id'], ['themes.id'], name=op.f('fk_crises_theme_id_themes')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_crises'))
    )
    op.create_table('glass_breaks',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('group_id', sa.Integer(), nullable=False),
    sa.Column('user_id', sa.Integer(), nullable=False),
    sa.Column('reason', sa.Text(), server_default='', nullable=False),
    sa.Column('opened_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('ends_at', sa.DateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['group_id'], ['groups.id'], name=op.f('fk_glass_breaks_group_id_groups'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['user_id'], ['users.id'], name=op.f('fk_glass_breaks_user_id_users')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_glass_breaks'))
    )
    with op.batch_alter_table('glass_breaks', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_glass_breaks_group_id'), ['group_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_glass_breaks_user_id'), ['user_id'], unique=False)

    op.create_table('group_requests',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('group_id', sa.Integer(), nullable=False),
    sa.Column('user_id', sa.Integer(), nullable=False),
    sa.Column('invited_by_id', sa.Integer(), nullable=True),
    sa.Column('message', sa.Text(), server_default='', nullable=False),
    sa.Column('state', sa.Enum('open', 'approved', 'declined', 'withdrawn', name='requeststate', native_enum=False, length=20), nullable=False),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('decided_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('decided_by_id', sa.Integer(), nullable=True),
    sa.Column('answer', sa.Text(), server_default='', nullable=False),
    sa.ForeignKeyConstraint(['decided_by_id'], ['users.id'], name=op.f('fk_group_requests_decided_by_id_users')),
    sa.ForeignKeyConstraint(['group_id'], ['groups.id'], name=op.f('fk_group_requests_group_id_groups'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['invited_by_id'], ['users.id'], name=op.f('fk_group_requests_invited_by_id_users')),
    sa.ForeignKeyConstraint(['user_id'], ['users.id'], name=op.f('fk_group_requests_user_id_users')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_group_requests'))
    )
    with op.batch_alter_table('group_requests', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_group_requests_group_id'), ['group_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_group_requests_user_id'), ['user_id'], unique=False)
        batch_op.create_index('uq_group_requests_open', ['group_id', 'user_id'], unique=True, sqlite_where=sa.text("state = 'open'"), postgresql_where=sa.text("state = 'open'"))

    op.create_table('staff_notes',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('person_id', sa.Integer(), nullable=False),
    sa.Column('author_id', sa.Integer(), nullable=True),
    sa.Column('body', sa.Text(), server_default='', nullable=False),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['author_id'], ['users.id'], name=op.f('fk_staff_notes_author_id_users')),
    sa.ForeignKeyConstraint(['person_id'], ['users.id'], name=op.f('fk_staff_notes_person_id_users')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_staff_notes'))
    )
    with op.batch_alter_table('staff_notes', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_staff_notes_person_id'), ['person_id'], unique=False)

    op.create_table('attention',
    sa.Column('content_id', sa.Integer(), nullable=False),
    sa.Column('claimed_by_id', sa.Integer(), nullable=True),
    sa.Column('claimed_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('handed_by_id', sa.Integer(), nullable=True),
    sa.Column('escalated_at', sa.DateTime(timezone=True), nullable=True),
    sa.ForeignKeyConstraint(['claimed_by_id'], ['users.id'], name=op.f('fk_attention_claimed_by_id_users')),
    sa.ForeignKeyConstraint(['content_id'], ['content.id'], name=op.f('fk_attention_content_id_content'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['handed_by_id'], ['users.id'], name=op.f('fk_attention_handed_by_id_users')),
    sa.PrimaryKeyConstraint('content_id', name=op.f('pk_attention'))
    )
    with op.batch_alter_table('attention', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_attention_claimed_by_id'), ['claimed_by_id'], unique=False)

    op.create_table('crisis_notes',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('crisis_id', sa.Integer(), nullable=False),
    sa.Column('at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('author_id', sa.Integer(), nullable=True),
    sa.Column('text', sa.Text(), server_default='', nullable=False),
    sa.ForeignKeyConstraint(['author_id'], ['users.id'], name=op.f('fk_crisis_notes_author_id_users')),
    sa.ForeignKeyConstraint(['crisis_id'], ['crises.id'], name=op.f('fk_crisis_notes_crisis_id_crises'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_crisis_notes'))
    )
    with op.batch_alter_table('crisis_notes', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_crisis_notes_crisis_id'), ['crisis_id'], unique=False)

    op.create_table('nudges',
    sa.Column('content_id', sa.Integer(), nullable=False),
    sa.Column('person_id', sa.Integer(), nullable=False),
    sa.Column('by_id', sa.Integer(), nullable=True),
    sa.Column('message', sa.Text(), server_default='', nullable=False),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['by_id'], ['users.id'], name=op.f('fk_nudges_by_id_users')),
    sa.ForeignKeyConstraint(['content_id'], ['content.id'], name=op.f('fk_nudges_content_id_content'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['person_id'], ['users.id'], name=op.f('fk_nudges_person_id_users')),
    sa.PrimaryKeyConstraint('content_id', 'person_id', name=op.f('pk_nudges'))
    )
    with op.batch_alter_table('nudges', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_nudges_person_id'), ['person_id'], unique=False)

    op.create_table('transfers',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('kind', sa.Enum('merge', 'split', 'reply', name='transferkind', native_enum=False, length=20), nullable=False),
    sa.Column('source_id', sa.Integer(), nullable=False),
    sa.Column('target_id', sa.Integer(), nullable=False),
    sa.Column('opening_id', sa.Integer(), nullable=True),
    sa.Column('actor_id', sa.Integer(), nullable=True),
    sa.Column('reason', sa.Text(), server_default='', nullable=False),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('undone_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('undone_by_id', sa.Integer(), nullable=True),
    sa.ForeignKeyConstraint(['actor_id'], ['users.id'], name=op.f('fk_transfers_actor_id_users')),
    sa.ForeignKeyConstraint(['opening_id'], ['comments.id'], name=op.f('fk_transfers_opening_id_comments'), ondelete='SET NULL'),
    sa.ForeignKeyConstraint(['source_id'], ['content.id'], name=op.f('fk_transfers_source_id_content'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['target_id'], ['content.id'], name=op.f('fk_transfers_target_id_content'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['undone_by_id'], ['users.id'], name=op.f('fk_transfers_undone_by_id_users')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_transfers'))
    )
    with op.batch_alter_table('transfers', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_transfers_source_id'), ['source_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_transfers_target_id'), ['target_id'], unique=False)

    op.create_table('cases',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('content_id', sa.Integer(), nullable=True),
    sa.Column('comment_id', sa.Integer(), nullable=True),
    sa.Column('attachment_id', sa.Integer(), nullable=True),
    sa.Column('user_id', sa.Integer(), nullable=True),
    sa.Column('state', sa.Enum('open', 'taken', 'resolved', 'rejected', name='casestate', native_enum=False, length=20), nullable=False),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('due_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('first_look_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('taken_by_id', sa.Integer(), nullable=True),
    sa.Column('taken_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('escalated_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('escalated_by_id', sa.Integer(), nullable=True),
    sa.Column('reminded_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('closed_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('closed_by_id', sa.Integer(), nullable=True),
    sa.Column('rule', sa.String(length=200), server_default='', nullable=False),
    sa.Column('outcome', sa.Text(), server_default='', nullable=False),
    sa.CheckConstraint('CASE WHEN content_id IS NULL THEN 0 ELSE 1 END + CASE WHEN comment_id IS NULL THEN 0 ELSE 1 END + CASE WHEN attachment_id IS NULL THEN 0 ELSE 1 END + CASE WHEN user_id IS NULL THEN 0 ELSE 1 END = 1', name=op.f('ck_cases_one_subject')),
    sa.ForeignKeyConstraint(['attachment_id'], ['attachments.id'], name=op.f('fk_cases_attachment_id_attachments'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['closed_by_id'], ['users.id'], name=op.f('fk_cases_closed_by_id_users')),
    sa.ForeignKeyConstraint(['comment_id'], ['comments.id'], name=op.f('fk_cases_comment_id_comments'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['content_id'], ['content.id'], name=op.f('fk_cases_content_id_content'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['escalated_by_id'], ['users.id'], name=op.f('fk_cases_escalated_by_id_users')),
    sa.ForeignKeyConstraint(['taken_by_id'], ['users.id'], name=op.f('fk_cases_taken_by_id_users')),
    sa.ForeignKeyConstraint(['user_id'], ['users.id'], name=op.f('fk_cases_user_id_users')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_cases'))
    )
    with op.batch_alter_table('cases', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_cases_attachment_id'), ['attachment_id'], unique=False)
        batch_op.create_index('ix_cases_closed', ['closed_at', 'id'], unique=False)
        batch_op.create_index(batch_op.f('ix_cases_comment_id'), ['comment_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_cases_content_id'), ['content_id'], unique=False)
        batch_op.create_index('ix_cases_state', ['state', 'id'], unique=False)
        batch_op.create_index(batch_op.f('ix_cases_user_id'), ['user_id'], unique=False)
        batch_op.create_index('uq_cases_attachment_id', ['attachment_id'], unique=True, sqlite_where=sa.text("state IN ('open', 'taken')"), postgresql_where=sa.text("state IN ('open', 'taken')"))
        batch_op.create_index('uq_cases_comment_id', ['comment_id'], unique=True, sqlite_where=sa.text("state IN ('open', 'taken')"), postgresql_where=sa.text("state IN ('open', 'taken')"))
        batch_op.create_index('uq_cases_content_id', ['content_id'], unique=True, sqlite_where=sa.text("state IN ('open', 'taken')"), postgresql_where=sa.text("state IN ('open', 'taken')"))
        batch_op.create_index('uq_cases_user_id', ['user_id'], unique=True, sqlite_where=sa.text("state IN ('open', 'taken')"), postgresql_where=sa.text("state IN ('open', 'taken')"))

    op.create_table('transferred_replies',
    sa.Column('transfer_id', sa.Integer(), nullable=False),
    sa.Column('comment_id', sa.Integer(), nullable=False),
    sa.Column('position', sa.Integer(), nullable=False),
    sa.ForeignKeyConstraint(['comment_id'], ['comments.id'], name=op.f('fk_transferred_replies_comment_id_comments'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['transfer_id'], ['transfers.id'], name=op.f('fk_transferred_replies_transfer_id_transfers'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('transfer_id', 'comment_id', name=op.f('pk_transferred_replies'))
    )
    with op.batch_alter_table('transferred_replies', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_transferred_replies_comment_id'), ['comment_id'], unique=False)

    op.create_table('case_events',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('case_id', sa.Integer(), nullable=False),
    sa.Column('at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('step', sa.Enum('note', 'taken', 'released', 'handed_over', 'escalated', 'hidden', 'closed', name='casestep', native_enum=False, length=20), nullable=False),
    sa.Column('actor_id', sa.Integer(), nullable=True),
    sa.Column('to_id', sa.Integer(), nullable=True),
    sa.Column('text', sa.Text(), server_default='', nullable=False),
    sa.ForeignKeyConstraint(['actor_id'], ['users.id'], name=op.f('fk_case_events_actor_id_users')),
    sa.ForeignKeyConstraint(['case_id'], ['cases.id'], name=op.f('fk_case_events_case_id_cases'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['to_id'], ['users.id'], name=op.f('fk_case_events_to_id_users')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_case_events'))
    )
    with op.batch_alter_table('case_events', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_case_events_case_id'), ['case_id'], unique=False)

    op.create_table('decisions',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('person_id', sa.Integer(), nullable=False),
    sa.Column('actor_id', sa.Integer(), nullable=True),
    sa.Column('measure', sa.String(length=40), nullable=False),
    sa.Column('content_id', sa.Integer(), nullable=True),
    sa.Column('comment_id', sa.Integer(), nullable=True),
    sa.Column('case_id', sa.Integer(), nullable=True),
    sa.Column('group_id', sa.Integer(), nullable=True),
    sa.Column('label', sa.String(length=250), server_default='', nullable=False),
    sa.Column('rule', sa.String(length=200), server_default='', nullable=False),
    sa.Column('reason', sa.Text(), server_default='', nullable=False),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('until', sa.DateTime(timezone=True), nullable=True),
    sa.Column('ended_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('ended_by_id', sa.Integer(), nullable=True),
    sa.ForeignKeyConstraint(['actor_id'], ['users.id'], name=op.f('fk_decisions_actor_id_users')),
    sa.ForeignKeyConstraint(['case_id'], ['cases.id'], name=op.f('fk_decisions_case_id_cases'), ondelete='SET NULL'),
    sa.ForeignKeyConstraint(['comment_id'], ['comments.id'], name=op.f('fk_decisions_comment_id_comments'), ondelete='SET NULL'),
    sa.ForeignKeyConstraint(['content_id'], ['content.id'], name=op.f('fk_decisions_content_id_content'), ondelete='SET NULL'),
    sa.ForeignKeyConstraint(['ended_by_id'], ['users.id'], name=op.f('fk_decisions_ended_by_id_users')),
    sa.ForeignKeyConstraint(['group_id'], ['groups.id'], name=op.f('fk_decisions_group_id_groups')),
    sa.ForeignKeyConstraint(['person_id'], ['users.id'], name=op.f('fk_decisions_person_id_users')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_decisions'))
    )
    with op.batch_alter_table('decisions', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_decisions_case_id'), ['case_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_decisions_comment_id'), ['comment_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_decisions_content_id'), ['content_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_decisions_group_id'), ['group_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_decisions_measure'), ['measure'], unique=False)
        batch_op.create_index('ix_decisions_person', ['person_id', 'id'], unique=False)

    op.create_table('appeals',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('decision_id', sa.Integer(), nullable=False),
    sa.Column('body', sa.Text(), server_default='', nullable=False),
    sa.Column('entered_by_id', sa.Integer(), nullable=True),
    sa.Column('state', sa.Enum('open', 'upheld', 'dismissed', name='appealstate', native_enum=False, length=20), nullable=False),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('due_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('reminded_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('decided_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('decided_by_id', sa.Integer(), nullable=True),
    sa.Column('reason', sa.Text(), server_default='', nullable=False),
    sa.ForeignKeyConstraint(['decided_by_id'], ['users.id'], name=op.f('fk_appeals_decided_by_id_users')),
    sa.ForeignKeyConstraint(['decision_id'], ['decisions.id'], name=op.f('fk_appeals_decision_id_decisions'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['entered_by_id'], ['users.id'], name=op.f('fk_appeals_entered_by_id_users')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_appeals')),
    sa.UniqueConstraint('decision_id', name=op.f('uq_appeals_decision_id'))
    )
    with op.batch_alter_table('appeals', schema=None) as batch_op:
        batch_op.create_index('ix_appeals_state', ['state', 'id'], unique=False)

    with op.batch_alter_table('comments', schema=None) as batch_op:
        batch_op.add_column(sa.Column('held_at', sa.DateTime(timezone=True), nullable=True))
        batch_op.create_index('ix_comments_held', ['held_at'], unique=False, sqlite_where=sa.text('held_at IS NOT NULL'), postgresql_where=sa.text('held_at IS NOT NULL'))

    with op.batch_alter_table('content', schema=None) as batch_op:
        batch_op.add_column(sa.Column('held_at', sa.DateTime(timezone=True), nullable=True))
        batch_op.add_column(sa.Column('slow_minutes', sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column('slow_until', sa.DateTime(timezone=True), nullable=True))
        batch_op.add_column(sa.Column('slow_reason', sa.Text(), server_default='', nullable=False))
        batch_op.add_column(sa.Column('merged_into_id', sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column('first_answer_at', sa.DateTime(timezone=True), nullable=True))
        batch_op.create_index('ix_content_held', ['held_at'], unique=False, sqlite_where=sa.text('held_at IS NOT NULL'), postgresql_where=sa.text('held_at IS NOT NULL'))
        batch_op.create_index(batch_op.f('ix_content_merged_into_id'), ['merged_into_id'], unique=False)
        batch_op.create_foreign_key(batch_op.f('fk_content_merged_into_id_content'), 'content', ['merged_into_id'], ['id'])

    with op.batch_alter_table('groups', schema=None) as batch_op:
        batch_op.add_column(sa.Column('welcome', sa.Text(), server_default='', nullable=False))
        batch_op.add_column(sa.Column('rules', sa.Text(), server_default='', nullable=False))
        batch_op.add_column(sa.Column('question_text', sa.Text(), server_default='', nullable=False))
        batch_op.add_column(sa.Column('is_support', sa.Boolean(), server_default=sa.text('(false)'), nullable=False))
        batch_op.add_column(sa.Column('premoderated', sa.Boolean(), server_default=sa.text('(false)'), nullable=False))
        batch_op.add_column(sa.Column('auto_role', sa.Enum('member', 'blogger', 'specialist', 'ambassador', 'moderator', 'manager', 'administrator', name='role', native_enum=False, length=20), nullable=True))
        batch_op.add_column(sa.Column('archived_at', sa.DateTime(timezone=True), nullable=True))
        batch_op.add_column(sa.Column('checked_at', sa.DateTime(timezone=True), nullable=True))
        batch_op.add_column(sa.Column('check_asked_at', sa.DateTime(timezone=True), nullable=True))

    with op.batch_alter_table('notifications', schema=None) as batch_op:
        batch_op.add_column(sa.Column('decision_id', sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column('case_id', sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column('group_id', sa.Integer(), nullable=True))
        batch_op.create_foreign_key(batch_op.f('fk_notifications_group_id_groups'), 'groups', ['group_id'], ['id'], ondelete='CASCADE')
        batch_op.create_foreign_key(batch_op.f('fk_notifications_case_id_cases'), 'cases', ['case_id'], ['id'], ondelete='CASCADE')
        batch_op.create_foreign_key(batch_op.f('fk_notifications_decision_id_decisions'), 'decisions', ['decision_id'], ['id'], ondelete='CASCADE')

    reports_to_cases()
    with op.batch_alter_table('themes', schema=None) as batch_op:
        batch_op.add_column(sa.Column('premoderated', sa.Boolean(), server_default=sa.text('(false)'), nullable=False))

    with op.batch_alter_table('users', schema=None) as batch_op:
        batch_op.add_column(sa.Column('silenced_until', sa.DateTime(timezone=True), nullable=True))
        batch_op.add_column(sa.Column('suspended_until', sa.DateTime(timezone=True), nullable=True))
        batch_op.add_column(sa.Column('glass_group_id', sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column('glass_until', sa.DateTime(timezone=True), nullable=True))
        batch_op.create_foreign_key('fk_users_glass_group_id_groups', 'groups', ['glass_group_id'], ['id'], use_alter=True)
    fill_first_answers()
    chain_log()


REPORTS = sa.table(
    "reports",
    *(
        sa.column(name)
        for name in ("id", "case_id", "content_id", "comment_id", "reporter_id", "reason", "note", "created_at",
                     "state", "outcome", "handled_by_id", "handled_at")
    ),
)
CASES = sa.table(
    "cases",
    *(
        sa.column(name)
        for name in ("id", "content_id", "comment_id", "state", "created_at", "due_at", "first_look_at",
                     "closed_at", "closed_by_id", "outcome")
    ),
)
CLOSED = {"upheld": "resolved", "dismissed": "rejected"}


def reports_to_cases() -> None:
    """Put reports of one subject that were settled together, or are open, in a case."""
    found = sa.text("SELECT * FROM reports ORDER BY id").columns(created_at=sa.DateTime(), handled_at=sa.DateTime())
    rows = op.get_bind().execute(found).mappings().all()
    op.drop_table("reports")
    op.create_table('reports',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('case_id', sa.Integer(), nullable=False),
    sa.Column('reporter_id', sa.Integer(), nullable=True),
    sa.Column('reason', sa.String(length=200), nullable=False),
    sa.Column('note', sa.Text(), server_default='', nullable=False),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['case_id'], ['cases.id'], name=op.f('fk_reports_case_id_cases'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['reporter_id'], ['users.id'], name=op.f('fk_reports_reporter_id_users')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_reports')),
    sa.UniqueConstraint('case_id', 'reporter_id', name=op.f('uq_reports_case_id_reporter_id'))
    )
    op.create_index('ix_reports_reporter_id', 'reports', ['reporter_id'])
    cases: dict[tuple[object, ...], int] = {}
    for row in rows:
        together = (row["content_id"], row["comment_id"], row["handled_at"])
        if together not in cases:
            cases[together] = len(cases) + 1
            op.execute(sa.insert(CASES).values(
                content_id=row["content_id"], comment_id=row["comment_id"],
                state=CLOSED.get(row["state"], "open"), created_at=row["created_at"],
                due_at=row["created_at"] + timedelta(hours=48), first_look_at=row["handled_at"],
                closed_at=row["handled_at"], closed_by_id=row["handled_by_id"], outcome=row["outcome"],
            ))
        op.execute(sa.insert(REPORTS).values(
            id=row["id"], case_id=cases[together], reporter_id=row["reporter_id"], reason=row["reason"],
            note=row["note"], created_at=row["created_at"],
        ))
    if rows and op.get_bind().dialect.name == "postgresql":
        op.execute("SELECT setval(pg_get_serial_sequence('reports', 'id'), (SELECT max(id) FROM reports))")


def cases_to_reports() -> None:
    """Give reports of texts their own outcome again; those of documents and profiles are lost."""
    found = sa.text(
        "SELECT reports.*, cases.content_id, cases.comment_id, cases.state, cases.outcome, cases.closed_at,"
        " cases.closed_by_id FROM reports JOIN cases ON cases.id = reports.case_id"
        " WHERE reports.reporter_id IS NOT NULL AND cases.user_id IS NULL AND cases.attachment_id IS NULL"
        " ORDER BY reports.id"
    ).columns(created_at=sa.DateTime(), closed_at=sa.DateTime())
    rows = op.get_bind().execute(found).mappings().all()
    op.drop_table("reports")
    op.create_table('reports',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('content_id', sa.Integer(), nullable=True),
    sa.Column('comment_id', sa.Integer(), nullable=True),
    sa.Column('reporter_id', sa.Integer(), nullable=False),
    sa.Column('reason', sa.String(length=20), nullable=False),
    sa.Column('note', sa.Text(), server_default='', nullable=False),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('state', sa.String(length=20), nullable=False),
    sa.Column('outcome', sa.Text(), server_default='', nullable=False),
    sa.Column('handled_by_id', sa.Integer(), nullable=True),
    sa.Column('handled_at', sa.DateTime(timezone=True), nullable=True),
    sa.CheckConstraint('(content_id IS NULL) <> (comment_id IS NULL)', name=op.f('ck_reports_one_subject')),
    sa.ForeignKeyConstraint(['comment_id'], ['comments.id'], name=op.f('fk_reports_comment_id_comments'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['content_id'], ['content.id'], name=op.f('fk_reports_content_id_content'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['handled_by_id'], ['users.id'], name=op.f('fk_reports_handled_by_id_users')),
    sa.ForeignKeyConstraint(['reporter_id'], ['users.id'], name=op.f('fk_reports_reporter_id_users')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_reports'))
    )
    for name in ("comment_id", "content_id", "reporter_id"):
        op.create_index(f"ix_reports_{name}", "reports", [name])
    op.create_index("ix_reports_state", "reports", ["state", "id"])
    for name in ("comment_id", "content_id"):
        is_open = sa.text("state = 'open'")
        op.create_index(f"uq_reports_open_{name}", "reports", ["reporter_id", name], unique=True,
                        sqlite_where=is_open, postgresql_where=is_open)
    back = {new: old for old, new in CLOSED.items()}
    known = ("disrespectful", "private_data", "off_topic", "incorrect")
    for row in rows:
        op.execute(sa.insert(REPORTS).values(
            id=row["id"], content_id=row["content_id"], comment_id=row["comment_id"],
            reporter_id=row["reporter_id"], reason=row["reason"] if row["reason"] in known else "other",
            note=row["note"], created_at=row["created_at"], state=back.get(row["state"], "open"),
            outcome=row["outcome"], handled_by_id=row["closed_by_id"], handled_at=row["closed_at"],
        ))
    if rows and op.get_bind().dialect.name == "postgresql":
        op.execute("SELECT setval(pg_get_serial_sequence('reports', 'id'), (SELECT max(id) FROM reports))")


def fill_first_answers() -> None:
    """Tell of each piece when someone else than its author first replied."""
    op.execute(
        "UPDATE content SET first_answer_at = (SELECT min(comments.created_at) FROM comments"
        " WHERE comments.content_id = content.id AND comments.author_id <> content.author_id"
        " AND comments.hidden_at IS NULL AND comments.withdrawn_at IS NULL)"
    )


LOGGED = ("at", "action", "actor_id", "actor_name", "subject_kind", "subject_id", "subject_label", "group_id",
          "reason", "result", "address")


def chain_log() -> None:
    """Give each row of the log a hash over itself and the row before it."""
    op.add_column("log_entries", sa.Column("hash", sa.String(length=64), server_default="", nullable=False))
    allow_changes()
    found = sa.text("SELECT * FROM log_entries ORDER BY id").columns(at=sa.DateTime(timezone=True))
    before, number = "", 0
    for row in op.get_bind().execute(found).mappings().all():
        at = row["at"].replace(tzinfo=UTC) if row["at"].tzinfo is None else row["at"].astimezone(UTC)
        values = [at.isoformat(), *(row[name] for name in LOGGED[1:])]
        before = sha256(json.dumps([before, *values], ensure_ascii=False).encode()).hexdigest()
        number += 1
        op.execute(sa.text("UPDATE log_entries SET hash = :hash WHERE id = :id").bindparams(hash=before, id=row["id"]))
    if number:
        heads = sa.table("log_heads", sa.column("id"), sa.column("rows"), sa.column("hash"))
        op.execute(sa.insert(heads).values(id=1, rows=number, hash=before))
    refuse_changes()


def allow_changes() -> None:
    """Let the log be changed, for this migration only."""
    if op.get_bind().dialect.name == "postgresql":
        op.execute("DROP TRIGGER log_entries_stay ON log_entries")
        op.execute("DROP TRIGGER IF EXISTS log_entries_not_emptied ON log_entries")
        return
    for change in ("update", "delete"):
        op.execute(f"DROP TRIGGER IF EXISTS log_entries_no_{change}")


def refuse_changes() -> None:
    """Let nobody change a row, nor empty the log at once."""
    if op.get_bind().dialect.name == "postgresql":
        op.execute(
            "CREATE TRIGGER log_entries_stay BEFORE UPDATE OR DELETE ON log_entries "
            "FOR EACH ROW EXECUTE FUNCTION refuse_change()"
        )
        op.execute(
            "CREATE TRIGGER log_entries_not_emptied BEFORE TRUNCATE ON log_entries "
            "FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()"
        )
        return
    for change in ("UPDATE", "DELETE"):
        op.execute(
            f"CREATE TRIGGER log_entries_no_{change.lower()} BEFORE {change} ON log_entries "
            "BEGIN SELECT RAISE(ABORT, 'the log cannot be changed'); END"
        )


def downgrade() -> None:
    cases_to_reports()
    with op.batch_alter_table('users', schema=None) as batch_op:
        batch_op.drop_constraint('fk_users_glass_group_id_groups', type_='foreignkey')
        batch_op.drop_column('glass_until')
        batch_op.drop_column('glass_group_id')
        batch_op.drop_column('suspended_until')
        batch_op.drop_column('silenced_until')

    with op.batch_alter_table('themes', schema=None) as batch_op:
        batch_op.drop_column('premoderated')

    with op.batch_alter_table('notifications', schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f('fk_notifications_decision_id_decisions'), type_='foreignkey')
        batch_op.drop_constraint(batch_op.f('fk_notifications_case_id_cases'), type_='foreignkey')
        batch_op.drop_constraint(batch_op.f('fk_notifications_group_id_groups'), type_='foreignkey')
        batch_op.drop_column('group_id')
        batch_op.drop_column('case_id')
        batch_op.drop_column('decision_id')

    allow_changes()
    with op.batch_alter_table('log_entries', schema=None) as batch_op:
        batch_op.drop_column('hash')
    refuse_changes()

    with op.batch_alter_table('groups', schema=None) as batch_op:
        batch_op.drop_column('check_asked_at')
        batch_op.drop_column('checked_at')
        batch_op.drop_column('archived_at')
        batch_op.drop_column('auto_role')
        batch_op.drop_column('premoderated')
        batch_op.drop_column('is_support')
        batch_op.drop_column('question_text')
        batch_op.drop_column('rules')
        batch_op.drop_column('welcome')

    with op.batch_alter_table('content', schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f('fk_content_merged_into_id_content'), type_='foreignkey')
        batch_op.drop_index(batch_op.f('ix_content_merged_into_id'))
        batch_op.drop_index('ix_content_held', sqlite_where=sa.text('held_at IS NOT NULL'), postgresql_where=sa.text('held_at IS NOT NULL'))
        batch_op.drop_column('first_answer_at')
        batch_op.drop_column('merged_into_id')
        batch_op.drop_column('slow_reason')
        batch_op.drop_column('slow_until')
        batch_op.drop_column('slow_minutes')
        batch_op.drop_column('held_at')

    with op.batch_alter_table('comments', schema=None) as batch_op:
        batch_op.drop_index('ix_comments_held', sqlite_where=sa.text('held_at IS NOT NULL'), postgresql_where=sa.text('held_at IS NOT NULL'))
        batch_op.drop_column('held_at')

    op.drop_table('appeals')
    op.drop_table('decisions')
    op.drop_table('case_events')
    op.drop_table('transferred_replies')
    op.drop_table('cases')
    op.drop_table('transfers')
    op.drop_table('nudges')
    op.drop_table('crisis_notes')
    op.drop_table('attention')
    op.drop_table('staff_notes')
    op.drop_table('group_requests')
    op.drop_table('glass_breaks')
    op.drop_table('crises')
    op.drop_table('blocks')
    op.drop_table('log_heads')
