-- view
-- 原文 original: every message and event with what its file says besides: the buyer's name, the text, the row.
select m.*, s.buyer, s.kind, s.to_agent, s.order_id, s.message_id, s.text, s.row
from message as m
inner join source_messages as s on s.file_key = m.file_key and s.position = m.position
