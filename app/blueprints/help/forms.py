"""What is asked of the community manager, and what comes back."""

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import BooleanField, Field, HiddenField, RadioField, SelectField
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined]  # stubs lag
from wtforms.validators import InputRequired, Length, ValidationError

from app.blueprints.help.places import own_page
from app.forms import SubmissionKey, Text, filled
from app.models import HelpTopic, Role, Theme, User
from app.services.help_requests import TOPICS, Question

MESSAGE_LENGTH = 5000
ROLES = {HelpTopic.BLOGGER: Role.BLOGGER, HelpTopic.AMBASSADOR: Role.AMBASSADOR}


class HelpForm(FlaskForm):
    """A question, with the page on which it came up."""

    topic = RadioField(_l("What is it about?"), [InputRequired()], default=HelpTopic.QUESTION.value)
    theme = SelectField(_l("Theme"))
    message = Text(_l("Your question"), [InputRequired(), filled, Length(max=MESSAGE_LENGTH)])
    path = HiddenField(filters=[own_page])
    with_path = BooleanField(_l("Send along on which page I was"), default=True)
    submission_key = SubmissionKey()

    def offer(self, asker: User, themes: list[Theme]) -> None:
        """Fill in what can be chosen: roles and themes that the asker does not have yet."""
        self.themes = {
            str(theme.id): theme for theme in themes if theme.id not in asker.specialist_theme_ids
        }
        self.topics = {
            topic.value: label
            for topic, label in TOPICS.items()
            if ROLES.get(topic) not in asker.roles
            and (topic is not HelpTopic.SPECIALIST or self.themes)
        }
        self.topic.choices = [SelectChoice(topic, label) for topic, label in self.topics.items()]
        self.theme.choices = [
            SelectChoice("", "–"),
            *(SelectChoice(key, theme.name) for key, theme in self.themes.items()),
        ]

    def preset(self, topic: str | None, theme: str | None, path: str | None) -> None:
        """Choose what the address of the page asks for, as far as it can be chosen."""
        if topic in self.topics:
            self.topic.data = topic
        for key, each in self.themes.items():
            if each.slug == theme:
                self.theme.data = key
        self.path.data = own_page(path)

    def validate_theme(self, field: Field) -> None:
        """Ask in which theme someone would like to be a specialist."""
        if self.topic.data == HelpTopic.SPECIALIST and not field.data:
            raise ValidationError(_("Choose the theme about which you know a lot."))

    def question(self) -> Question:
        """Return what was filled in."""
        topic = HelpTopic(self.topic.data)
        theme = self.themes.get(self.theme.data) if topic is HelpTopic.SPECIALIST else None
        path = self.path.data if self.with_path.data else ""
        return Question(topic, self.message.data.strip(), theme, path or "")


class AnswerForm(FlaskForm):
    """What the manager answers."""

    answer = Text(_l("Your answer"), [InputRequired(), filled, Length(max=MESSAGE_LENGTH)])
