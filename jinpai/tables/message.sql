-- 消息 message: every message and event once, whichever files it came in, numbered in the buyer's order.
-- A row found in several files keeps the version of the file with the smaller digest; rows at one
-- instant keep their order in that file. seq counts a buyer's rows from 1.
with numbered as (
    select *, message_base + row_number() over (
            partition by file_key, message_base order by position) - 1 as message_key
    from source_messages
), once as (
    select *, row_number() over (partition by message_key order by file_key, position) as version
    from numbered
    where sent_at <= $as_of
)
select
    m.shop, m.buyer_key, m.buyer, m.matched,
    row_number() over (partition by m.buyer_key order by m.sent_at, m.file_key, m.position) as seq,
    m.message_key, m.sent_at, s.day, s.hour, m.agent, m.sender, m.kind, m.event, m.to_agent,
    m.product_id, m.order_id, m.message_id, m.chars, m.text, m.file_key, m.position
from once as m
inner join slot as s on s.slot = m.sent_at // 300000
where m.version = 1
