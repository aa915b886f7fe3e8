-- 询单日 enquiry_day: a buyer's pre-sales shop days, before days are joined into enquiries.
-- t0: first buyer message of the day's first pre-sales conversation. opens: it was the buyer who began,
-- not an answer to our own outreach. paid_before: the buyer's last payment before t0.
with preceding as (
    select buyer_key, conversation_seq,
        lag(stage) over (partition by buyer_key order by conversation_seq) as stage_before,
        lag(last_at) over (partition by buyer_key order by conversation_seq) as last_before
    from conversation
), day as (
    select
        c.shop, c.buyer_key, c.day,
        min(c.first_buyer_at) as t0,
        arg_min(c.conversation_seq, c.first_buyer_at) as first_seq,
        arg_min(c.conversation_key, c.first_buyer_at) as enquiry_key,
        not arg_min(c.agent_first or coalesce(p.stage_before = 'outreach'
            and c.first_buyer_at - p.last_before <= 86400000, false), c.first_buyer_at) as opens
    from conversation as c
    inner join preceding as p on p.buyer_key = c.buyer_key and p.conversation_seq = c.conversation_seq
    where c.stage in ('presales', 'undecided')
    group by c.shop, c.buyer_key, c.day
)
select d.shop, d.buyer_key, d.day, k.number as day_number, d.t0, d.first_seq, d.enquiry_key, d.opens,
    max(case when o.paid_at < d.t0 then o.paid_at end) as paid_before
from day as d
inner join calendar as k on k.day = d.day
left join orders as o on o.buyer_key = d.buyer_key
group by d.shop, d.buyer_key, d.day, k.number, d.t0, d.first_seq, d.enquiry_key, d.opens
