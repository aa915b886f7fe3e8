"""页面 pages: one page of the desk a file; the file is the registration."""
