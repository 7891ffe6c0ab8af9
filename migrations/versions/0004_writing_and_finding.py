"""Drafts, images in texts, proposals, reviews, doubts, templates, and what helped.

Revision: 0004, after 0003
"""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('templates',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('key', sa.String(length=40), nullable=True),
    sa.Column('folder', sa.String(length=20), nullable=False),
    sa.Column('theme_id', sa.Integer(), nullable=True),
    sa.Column('name', sa.String(length=120), nullable=False),
    sa.Column('description', sa.String(length=300), server_default='', nullable=False),
    sa.Column('body', sa.Text(), server_default='', nullable=False),
    sa.Column('position', sa.Integer(), server_default='0', nullable=False),
    sa.Column('archived_at', sa.DateTime(timezone=True), nullable=True),
    sa.ForeignKeyConstraint(['theme_id'], ['themes.id'], name=op.f('fk_templates_theme_id_themes'), ondelete='SET NULL'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_templates')),
    sa.UniqueConstraint('key', name=op.f('uq_templates_key'))
    )
    op.create_table('images',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('filename', sa.String(length=150), nullable=False),
    sa.Column('alt', sa.String(length=300), nullable=False),
    sa.Column('media_type', sa.String(length=100), nullable=False),
    sa.Column('size', sa.Integer(), nullable=False),
    sa.Column('width', sa.Integer(), nullable=False),
    sa.Column('height', sa.Integer(), nullable=False),
    sa.Column('sha256', sa.String(length=64), nullable=False),
    sa.Column('sizes', sa.JSON(), nullable=False),
    sa.Column('uploader_id', sa.Integer(), nullable=False),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('removed_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('removed_by_id', sa.Integer(), nullable=True),
    sa.ForeignKeyConstraint(['removed_by_id'], ['users.id'], name=op.f('fk_images_removed_by_id_users')),
    sa.ForeignKeyConstraint(['uploader_id'], ['users.id'], name=op.f('fk_images_uploader_id_users')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_images'))
    )
    with op.batch_alter_table('images', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_images_created_at'), ['created_at'], unique=False)
        batch_op.create_index(batch_op.f('ix_images_sha256'), ['sha256'], unique=False)
        batch_op.create_index(batch_op.f('ix_images_uploader_id'), ['uploader_id'], unique=False)

    op.create_table('drafts',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('user_id', sa.Integer(), nullable=False),
    sa.Column('place', sa.String(length=80), nullable=False),
    sa.Column('path', sa.String(length=300), nullable=False),
    sa.Column('title', sa.String(length=200), server_default='', nullable=False),
    sa.Column('fields', sa.JSON(), nullable=False),
    sa.Column('content_id', sa.Integer(), nullable=True),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('updated_at', sa.DateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['content_id'], ['content.id'], name=op.f('fk_drafts_content_id_content'), ondelete='SET NULL'),
    sa.ForeignKeyConstraint(['user_id'], ['users.id'], name=op.f('fk_drafts_user_id_users'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_drafts')),
    sa.UniqueConstraint('user_id', 'place', name=op.f('uq_drafts_user_id_place'))
    )
    with op.batch_alter_table('drafts', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_drafts_content_id'), ['content_id'], unique=False)
        batch_op.create_index('ix_drafts_newest', ['user_id', 'updated_at', 'id'], unique=False)

    op.create_table('credits',
    sa.Column('page_id', sa.Integer(), nullable=False),
    sa.Column('user_id', sa.Integer(), nullable=False),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['page_id'], ['wiki_pages.id'], name=op.f('fk_credits_page_id_wiki_pages'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['user_id'], ['users.id'], name=op.f('fk_credits_user_id_users')),
    sa.PrimaryKeyConstraint('page_id', 'user_id', name=op.f('pk_credits'))
    )
    with op.batch_alter_table('credits', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_credits_user_id'), ['user_id'], unique=False)

    op.create_table('doubts',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('page_id', sa.Integer(), nullable=False),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.Column('doubter_id', sa.Integer(), nullable=False),
    sa.Column('line', sa.String(length=300), nullable=False),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('settled_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('settled_by_id', sa.Integer(), nullable=True),
    sa.Column('answer', sa.String(length=300), server_default='', nullable=False),
    sa.ForeignKeyConstraint(['doubter_id'], ['users.id'], name=op.f('fk_doubts_doubter_id_users')),
    sa.ForeignKeyConstraint(['page_id'], ['wiki_pages.id'], name=op.f('fk_doubts_page_id_wiki_pages'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['settled_by_id'], ['users.id'], name=op.f('fk_doubts_settled_by_id_users')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_doubts'))
    )
    with op.batch_alter_table('doubts', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_doubts_doubter_id'), ['doubter_id'], unique=False)
        batch_op.create_index('ix_doubts_page', ['page_id', 'settled_at'], unique=False)

    op.create_table('helped',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('user_id', sa.Integer(), nullable=False),
    sa.Column('content_id', sa.Integer(), nullable=True),
    sa.Column('comment_id', sa.Integer(), nullable=True),
    sa.Column('line', sa.String(length=300), server_default='', nullable=False),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.CheckConstraint('(content_id IS NULL) <> (comment_id IS NULL)', name=op.f('ck_helped_one_subject')),
    sa.ForeignKeyConstraint(['comment_id'], ['comments.id'], name=op.f('fk_helped_comment_id_comments'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['content_id'], ['content.id'], name=op.f('fk_helped_content_id_content'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['user_id'], ['users.id'], name=op.f('fk_helped_user_id_users')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_helped')),
    sa.UniqueConstraint('user_id', 'comment_id', name=op.f('uq_helped_user_id_comment_id')),
    sa.UniqueConstraint('user_id', 'content_id', name=op.f('uq_helped_user_id_content_id'))
    )
    with op.batch_alter_table('helped', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_helped_comment_id'), ['comment_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_helped_content_id'), ['content_id'], unique=False)
        batch_op.create_index('ix_helped_newest', ['created_at', 'id'], unique=False)
        batch_op.create_index(batch_op.f('ix_helped_user_id'), ['user_id'], unique=False)

    op.create_table('image_uses',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('image_id', sa.Integer(), nullable=False),
    sa.Column('content_id', sa.Integer(), nullable=True),
    sa.Column('comment_id', sa.Integer(), nullable=True),
    sa.Column('page_id', sa.Integer(), nullable=True),
    sa.CheckConstraint('(content_id IS NULL) <> (page_id IS NULL)', name=op.f('ck_image_uses_one_text')),
    sa.ForeignKeyConstraint(['comment_id'], ['comments.id'], name=op.f('fk_image_uses_comment_id_comments'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['content_id'], ['content.id'], name=op.f('fk_image_uses_content_id_content'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['image_id'], ['images.id'], name=op.f('fk_image_uses_image_id_images'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['page_id'], ['pages.id'], name=op.f('fk_image_uses_page_id_pages'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_image_uses')),
    sa.UniqueConstraint('image_id', 'content_id', 'comment_id', name=op.f('uq_image_uses_image_id_content_id_comment_id')),
    sa.UniqueConstraint('image_id', 'page_id', name=op.f('uq_image_uses_image_id_page_id'))
    )
    with op.batch_alter_table('image_uses', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_image_uses_comment_id'), ['comment_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_image_uses_content_id'), ['content_id'], unique=False)

    op.create_table('page_sources',
    sa.Column('page_id', sa.Integer(), nullable=False),
    sa.Column('source_id', sa.Integer(), nullable=False),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['page_id'], ['wiki_pages.id'], name=op.f('fk_page_sources_page_id_wiki_pages'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['source_id'], ['content.id'], name=op.f('fk_page_sources_source_id_content'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('page_id', 'source_id', name=op.f('pk_page_sources'))
    )
    with op.batch_alter_table('page_sources', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_page_sources_source_id'), ['source_id'], unique=False)

    op.create_table('proposals',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('theme_id', sa.Integer(), nullable=False),
    sa.Column('page_id', sa.Integer(), nullable=True),
    sa.Column('base_version', sa.Integer(), server_default='0', nullable=False),
    sa.Column('source_id', sa.Integer(), nullable=True),
    sa.Column('source_comment_id', sa.Integer(), nullable=True),
    sa.Column('title', sa.String(length=200), nullable=False),
    sa.Column('body', sa.Text(), server_default='', nullable=False),
    sa.Column('note', sa.String(length=300), server_default='', nullable=False),
    sa.Column('proposer_id', sa.Integer(), nullable=False),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('state', sa.Enum('open', 'taken', 'declined', 'withdrawn', name='proposalstate', native_enum=False, length=20), nullable=False),
    sa.Column('decided_by_id', sa.Integer(), nullable=True),
    sa.Column('decided_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('reason', sa.Text(), server_default='', nullable=False),
    sa.Column('revision_number', sa.Integer(), nullable=True),
    sa.Column('submission_key', sa.String(length=36), nullable=True),
    sa.ForeignKeyConstraint(['decided_by_id'], ['users.id'], name=op.f('fk_proposals_decided_by_id_users')),
    sa.ForeignKeyConstraint(['page_id'], ['wiki_pages.id'], name=op.f('fk_proposals_page_id_wiki_pages'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['proposer_id'], ['users.id'], name=op.f('fk_proposals_proposer_id_users')),
    sa.ForeignKeyConstraint(['source_comment_id'], ['comments.id'], name=op.f('fk_proposals_source_comment_id_comments'), ondelete='SET NULL'),
    sa.ForeignKeyConstraint(['source_id'], ['content.id'], name=op.f('fk_proposals_source_id_content'), ondelete='SET NULL'),
    sa.ForeignKeyConstraint(['theme_id'], ['themes.id'], name=op.f('fk_proposals_theme_id_themes')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_proposals')),
    sa.UniqueConstraint('proposer_id', 'submission_key', name=op.f('uq_proposals_proposer_id_submission_key'))
    )
    with op.batch_alter_table('proposals', schema=None) as batch_op:
        batch_op.create_index('ix_proposals_page', ['page_id', 'state'], unique=False)
        batch_op.create_index(batch_op.f('ix_proposals_proposer_id'), ['proposer_id'], unique=False)
        batch_op.create_index('ix_proposals_queue', ['theme_id', 'state', 'id'], unique=False)
        batch_op.create_index(batch_op.f('ix_proposals_source_id'), ['source_id'], unique=False)

    op.create_table('reviews',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('page_id', sa.Integer(), nullable=False),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.Column('reviewer_id', sa.Integer(), nullable=False),
    sa.Column('reviewed_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('next_on', sa.Date(), nullable=True),
    sa.ForeignKeyConstraint(['page_id'], ['wiki_pages.id'], name=op.f('fk_reviews_page_id_wiki_pages'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['reviewer_id'], ['users.id'], name=op.f('fk_reviews_reviewer_id_users')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_reviews'))
    )
    with op.batch_alter_table('reviews', schema=None) as batch_op:
        batch_op.create_index('ix_reviews_page', ['page_id', 'id'], unique=False)
        batch_op.create_index(batch_op.f('ix_reviews_reviewer_id'), ['reviewer_id'], unique=False)

    op.drop_index('uq_attachments_once', 'attachments')
    with op.batch_alter_table('attachments', schema=None) as batch_op:
        batch_op.add_column(sa.Column('comment_id', sa.Integer(), nullable=True))
        batch_op.create_index(batch_op.f('ix_attachments_comment_id'), ['comment_id'], unique=False)
        batch_op.create_foreign_key(batch_op.f('fk_attachments_comment_id_comments'), 'comments', ['comment_id'], ['id'], ondelete='CASCADE')

    for place, condition in (
        ('content_id', 'removed_at IS NULL AND comment_id IS NULL'),
        ('comment_id', 'removed_at IS NULL'),
    ):
        op.create_index(f'uq_attachments_{place}', 'attachments', [place, 'sha256'], unique=True, sqlite_where=sa.text(condition), postgresql_where=sa.text(condition))

    with op.batch_alter_table('comments', schema=None) as batch_op:
        batch_op.add_column(sa.Column('helped_count', sa.Integer(), server_default='0', nullable=False))
        batch_op.add_column(sa.Column('attachment_count', sa.Integer(), server_default='0', nullable=False))

    with op.batch_alter_table('content', schema=None) as batch_op:
        batch_op.add_column(sa.Column('helped_count', sa.Integer(), server_default='0', nullable=False))

    with op.batch_alter_table('follows', schema=None) as batch_op:
        batch_op.add_column(sa.Column('level', sa.Enum('all', 'changes', 'nothing', name='followlevel', native_enum=False, length=20), server_default='all', nullable=False))

    with op.batch_alter_table('notifications', schema=None) as batch_op:
        batch_op.add_column(sa.Column('proposal_id', sa.Integer(), nullable=True))
        batch_op.create_foreign_key(batch_op.f('fk_notifications_proposal_id_proposals'), 'proposals', ['proposal_id'], ['id'], ondelete='CASCADE')

    with op.batch_alter_table('theme_follows', schema=None) as batch_op:
        batch_op.add_column(sa.Column('level', sa.Enum('home', 'new', name='themelevel', native_enum=False, length=20), server_default='home', nullable=False))

    with op.batch_alter_table('themes', schema=None) as batch_op:
        batch_op.add_column(sa.Column('four_eyes', sa.Boolean(), server_default=sa.text('false'), nullable=False))
        batch_op.add_column(sa.Column('review_months', sa.Integer(), server_default='12', nullable=False))

    with op.batch_alter_table('wiki_pages', schema=None) as batch_op:
        batch_op.add_column(sa.Column('offered_at', sa.DateTime(timezone=True), nullable=True))
        batch_op.add_column(sa.Column('offered_by_id', sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column('adopted_at', sa.DateTime(timezone=True), nullable=True))
        batch_op.add_column(sa.Column('adopted_by_id', sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column('reviewed_at', sa.DateTime(timezone=True), nullable=True))
        batch_op.add_column(sa.Column('reviewed_by_id', sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column('review_on', sa.Date(), nullable=True))
        batch_op.add_column(sa.Column('reminded_at', sa.DateTime(timezone=True), nullable=True))
        batch_op.create_index(batch_op.f('ix_wiki_pages_review_on'), ['review_on'], unique=False)
        batch_op.create_foreign_key(batch_op.f('fk_wiki_pages_adopted_by_id_users'), 'users', ['adopted_by_id'], ['id'])
        batch_op.create_foreign_key(batch_op.f('fk_wiki_pages_reviewed_by_id_users'), 'users', ['reviewed_by_id'], ['id'])
        batch_op.create_foreign_key(batch_op.f('fk_wiki_pages_offered_by_id_users'), 'users', ['offered_by_id'], ['id'])



def downgrade() -> None:
    with op.batch_alter_table('wiki_pages', schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f('fk_wiki_pages_offered_by_id_users'), type_='foreignkey')
        batch_op.drop_constraint(batch_op.f('fk_wiki_pages_reviewed_by_id_users'), type_='foreignkey')
        batch_op.drop_constraint(batch_op.f('fk_wiki_pages_adopted_by_id_users'), type_='foreignkey')
        batch_op.drop_index(batch_op.f('ix_wiki_pages_review_on'))
        batch_op.drop_column('reminded_at')
        batch_op.drop_column('review_on')
        batch_op.drop_column('reviewed_by_id')
        batch_op.drop_column('reviewed_at')
        batch_op.drop_column('adopted_by_id')
        batch_op.drop_column('adopted_at')
        batch_op.drop_column('offered_by_id')
        batch_op.drop_column('offered_at')

    with op.batch_alter_table('themes', schema=None) as batch_op:
        batch_op.drop_column('review_months')
        batch_op.drop_column('four_eyes')

    with op.batch_alter_table('theme_follows', schema=None) as batch_op:
        batch_op.drop_column('level')

    with op.batch_alter_table('notifications', schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f('fk_notifications_proposal_id_proposals'), type_='foreignkey')
        batch_op.drop_column('proposal_id')

    with op.batch_alter_table('follows', schema=None) as batch_op:
        batch_op.drop_column('level')

    with op.batch_alter_table('content', schema=None) as batch_op:
        batch_op.drop_column('helped_count')

    with op.batch_alter_table('comments', schema=None) as batch_op:
        batch_op.drop_column('attachment_count')
        batch_op.drop_column('helped_count')

    op.drop_index('uq_attachments_content_id', 'attachments')
    op.drop_index('uq_attachments_comment_id', 'attachments')
    op.execute('DELETE FROM attachments WHERE comment_id IS NOT NULL')
    with op.batch_alter_table('attachments', schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f('fk_attachments_comment_id_comments'), type_='foreignkey')
        batch_op.drop_index(batch_op.f('ix_attachments_comment_id'))
        batch_op.drop_column('comment_id')
        batch_op.create_index('uq_attachments_once', ['content_id', 'sha256'], unique=True, sqlite_where=sa.text('removed_at IS NULL'), postgresql_where=sa.text('removed_at IS NULL'))

    with op.batch_alter_table('reviews', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_reviews_reviewer_id'))
        batch_op.drop_index('ix_reviews_page')

    op.drop_table('reviews')
    with op.batch_alter_table('proposals', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_proposals_source_id'))
        batch_op.drop_index('ix_proposals_queue')
        batch_op.drop_index(batch_op.f('ix_proposals_proposer_id'))
        batch_op.drop_index('ix_proposals_page')

    op.drop_table('proposals')
    with op.batch_alter_table('page_sources', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_page_sources_source_id'))

    op.drop_table('page_sources')
    with op.batch_alter_table('image_uses', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_image_uses_content_id'))
        batch_op.drop_index(batch_op.f('ix_image_uses_comment_id'))

    op.drop_table('image_uses')
    with op.batch_alter_table('helped', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_helped_user_id'))
        batch_op.drop_index('ix_helped_newest')
        batch_op.drop_index(batch_op.f('ix_helped_content_id'))
        batch_op.drop_index(batch_op.f('ix_helped_comment_id'))

    op.drop_table('helped')
    with op.batch_alter_table('doubts', schema=None) as batch_op:
        batch_op.drop_index('ix_doubts_page')
        batch_op.drop_index(batch_op.f('ix_doubts_doubter_id'))

    op.drop_table('doubts')
    with op.batch_alter_table('credits', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_credits_user_id'))

    op.drop_table('credits')
    with op.batch_alter_table('drafts', schema=None) as batch_op:
        batch_op.drop_index('ix_drafts_newest')
        batch_op.drop_index(batch_op.f('ix_drafts_content_id'))

    op.drop_table('drafts')
    with op.batch_alter_table('images', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_images_uploader_id'))
        batch_op.drop_index(batch_op.f('ix_images_sha256'))
        batch_op.drop_index(batch_op.f('ix_images_created_at'))

    op.drop_table('images')
    op.drop_table('templates')
