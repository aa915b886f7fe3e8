"""呈现 render: a report as a terminal table, JSON, CSV, a workbook or one HTML page."""
