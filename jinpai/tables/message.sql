-- 消息 message: every message and event once, whichever files it came in, numbered in the buyer's order.
-- A row found in several files keeps the version of the file with the smaller digest; rows at one
-- instant keep their order in that file. seq counts a buyer's rows from 1. Keys are settled on narrow
-- rows first: most messages have no twin, and text is heavy to sort.
with keyed as (
    select file_key, position, message_base, buyer_key, sent_at, message_id is not null as has_id
    from source_messages where sent_at <= $as_of
), twin as (
    select message_base from keyed group by message_base having count(*) > 1
), numbered as (
    -- the platform's number names a message; without one, equal rows of a file are told apart by their count
    select k.*, k.message_base + case when k.has_id then 0 else row_number() over (
            partition by k.file_key, k.message_base order by k.position) - 1 end as message_key
    from keyed as k
    inner join twin as t on t.message_base = k.message_base
), once as (
    select *, row_number() over (partition by message_key order by file_key, position) as version from numbered
), kept as (
    select k.file_key, k.position, k.buyer_key, k.sent_at, k.message_base as message_key
    from keyed as k
    where k.message_base not in (select message_base from twin)
    union all
    select file_key, position, buyer_key, sent_at, message_key from once where version = 1
), ordered as (
    select *, row_number() over (partition by buyer_key order by sent_at, file_key, position) as seq from kept
)
select
    m.shop, o.buyer_key, m.buyer, m.matched, o.seq, o.message_key, o.sent_at, s.day, s.hour,
    m.agent, m.sender, m.kind, m.event, m.to_agent, m.product_id, m.order_id, m.message_id, m.chars, m.text,
    o.file_key, o.position, m.row
from ordered as o
inner join source_messages as m on m.file_key = o.file_key and m.position = o.position
inner join slot as s on s.slot = o.sent_at // 300000
