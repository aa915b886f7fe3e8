"""账本应用 apps: the book as Django knows it."""

from __future__ import annotations

from django.apps import AppConfig


class BookConfig(AppConfig):
    """账本应用 the models of jinpai.book under the label `book`."""

    name = "jinpai.book"
    label = "book"
