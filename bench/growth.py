"""The same page over ever more replies, as a chart for the docs."""

from collections.abc import Mapping
from pathlib import Path

from jinja2 import Environment

from app.config import ROOT
from app.lib.charts import bars

SIZES = (1_000, 10_000, 100_000, 1_000_000)
PICTURE = ROOT / "docs" / "images" / "growth.svg"
TITLE = "Discussion with 20 replies: requests a second, by the number of replies in the community"
DRAWING = """\
<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 -26 {{ chart.width }} {{ chart.height + 26 }}"\
 role="img" aria-labelledby="title" font-family="system-ui, sans-serif" font-size="12">
<title id="title">{{ title }}</title>
<desc>{% for bar in chart.bars %}{{ bar.label }} replies: {{ bar.value }} requests a second. {% endfor %}</desc>
<rect y="-26" width="{{ chart.width }}" height="{{ chart.height + 26 }}" fill="#fff"/>
<text x="{{ chart.left }}" y="-8" fill="#222">{{ title }}</text>
{% for line in chart.lines %}
<line x1="{{ chart.left }}" x2="{{ chart.right }}" y1="{{ line.y }}" y2="{{ line.y }}" stroke="#ddd"/>
<text x="{{ chart.left - 6 }}" y="{{ line.y + 4 }}" text-anchor="end" fill="#555">{{ '%g' % line.value }}</text>
{% endfor %}
{% for bar in chart.bars %}
<rect x="{{ bar.x }}" y="{{ bar.y }}" width="{{ bar.width }}" height="{{ bar.height }}" fill="#154273"/>
<text x="{{ bar.middle }}" y="{{ bar.y + 16 }}" text-anchor="middle" fill="#fff">{{ bar.value }}</text>
<text x="{{ bar.middle }}" y="{{ chart.bottom + 18 }}" text-anchor="middle" fill="#222">{{ bar.label }}</text>
{% endfor %}
</svg>
"""


def drawing(rates: Mapping[int, float]) -> str:
    """Return the chart as SVG."""
    chart = bars([(f"{replies:,}", round(rate)) for replies, rate in rates.items()])
    environment = Environment(autoescape=True, trim_blocks=True)
    return environment.from_string(DRAWING).render(chart=chart, title=TITLE)


def draw(rates: Mapping[int, float], picture: Path = PICTURE) -> None:
    """Keep the chart among the docs."""
    picture.parent.mkdir(parents=True, exist_ok=True)
    picture.write_text(drawing(rates))
