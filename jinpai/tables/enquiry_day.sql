-- 询单日 enquiry_day: a buyer's pre-sales shop days, before days are joined into enquiries.
-- t0: first buyer message of the day's first pre-sales conversation. opens: it was the buyer who began,
-- not an answer to our own outreach. paid_before: the buyer's last payment before t0.
with outreach as (
    select buyer_key, conversation_seq, last_at from conversation where stage = 'outreach'
), day as (
    select
        c.shop, c.buyer_key, c.day,
        min(c.first_buyer_at) as t0,
        arg_min(c.conversation_seq, c.first_buyer_at) as first_seq,
        arg_min(c.conversation_key, c.first_buyer_at) as enquiry_key,
        not arg_min(c.agent_first or p.buyer_key is not null, c.first_buyer_at) as opens
    from conversation as c
    left join outreach as p on p.buyer_key = c.buyer_key and p.conversation_seq = c.previous_seq
        and c.first_buyer_at - p.last_at <= 86400000
    where c.stage in ('presales', 'undecided')
    group by c.shop, c.buyer_key, c.day
), paid as (
    select d.enquiry_key, max(o.paid_at) as paid_before
    from day as d
    inner join orders as o on o.buyer_key = d.buyer_key and o.paid_at < d.t0
    group by d.enquiry_key
)
select d.shop, d.buyer_key, d.day, k.number as day_number, d.t0, d.first_seq, d.enquiry_key, d.opens, o.paid_before
from day as d
inner join calendar as k on k.day = d.day
left join paid as o on o.enquiry_key = d.enquiry_key
