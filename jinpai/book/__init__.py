"""账本 book: what people decided, in a relational database: never recomputed, always backed up, only ever added to.

Models and migrations of Django without a site. SQLite in the workspace out of the box, PostgreSQL by one setting
(`JINPAI_BOOK`). The core never reads it: `out` hands decisions over as files before a build. This package imports
Django only in its modules, so that naming it costs nothing. Source: the architecture, §1.
"""
