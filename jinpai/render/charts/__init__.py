"""图 charts: the report's figures as inline SVG, drawn offline, light and dark by the page's colours."""
