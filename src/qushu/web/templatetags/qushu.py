"""The one library that every template has as a builtin: all tags and filters of the design system."""

from django.template import Library

from qushu.web.templatetags import cuts, parts, pieces, words

register = Library()
for part in (words, parts, pieces, cuts):
    register.tags.update(part.register.tags)
    register.filters.update(part.register.filters)
