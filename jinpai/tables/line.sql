-- view
-- 会话里的消息 line: every message in exactly one conversation; the platform's events are not in it.
select shop, buyer_key, seq, message_key, sent_at, day, hour, agent, sender, product_id, chars, matched, by_person,
    conversation_seq, round_seq, handed
from message
-- events are in no conversation; a number says so more cheaply than who wrote
where conversation_seq is not null
