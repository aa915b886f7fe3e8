"""命令 commands: one file a verb; `jinpai.cli` puts them together."""
