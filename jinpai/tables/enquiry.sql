-- 询单 enquiry: one buyer on one shop day (or span of days) who wrote in a pre-sales conversation.
-- Holds instants only; a report compares them with its window. recent: the buyer paid an order in the
-- after-sales days before t0, so the enquiry counts only once the main window has ended too.
with aftersales as (
    -- agents of the after-sales team make no enquiry
    select agent from agent where team = 'aftersales'
), spoke_before as (
    -- where one of that team had the last word, who of the others had it before
    select r.buyer_key, r.conversation_seq, arg_max(r.agent, r.last_seq) as agent
    from conversation as c
    inner join aftersales as a on a.agent = c.last_agent
    inner join reception as r on r.buyer_key = c.buyer_key and r.conversation_seq = c.conversation_seq
    where r.agent not in (select agent from aftersales)
    group by r.buyer_key, r.conversation_seq
), part as (
    select c.shop, c.buyer_key, c.day, l.enquiry_key, c.conversation_seq, c.addressed_to, c.first_buyer_at, c.last_at,
        c.agent_messages, case when a.agent is null then c.last_agent else b.agent end as last_agent,
        case when c.product <> 'unknown' then c.product end as product
    from enquiry_link as l
    inner join conversation as c on c.buyer_key = l.buyer_key and c.day = l.day and c.stage in ('presales', 'undecided')
    left join aftersales as a on a.agent = c.last_agent
    left join spoke_before as b on b.buyer_key = c.buyer_key and b.conversation_seq = c.conversation_seq
), opening as (
    select
        shop, buyer_key, enquiry_key, count(*) as conversations, min(day) as day, min(first_buyer_at) as t0,
        max(last_at) as last_at, max(agent_messages) > 0 as answered,
        arg_min(addressed_to, first_buyer_at) filter (where addressed_to is not null) as addressed_to,
        arg_max(last_agent, conversation_seq) filter (where last_agent is not null) as owner,
        arg_max(product, conversation_seq) filter (where product is not null) as product
    from part
    group by shop, buyer_key, enquiry_key
), dealt as (
    select
        o.enquiry_key, max(o.last_at) as last_at,
        min(case when x.created_at >= o.t0 then x.created_at end) as ordered_at,
        -- created since, or open and unpaid (no deposit either) at t0
        min(case when x.paid_at >= o.t0 and (x.created_at >= o.t0 or coalesce(x.deposit_paid_at >= o.t0, true))
            then x.paid_at end) as paid_at,
        min(case when x.deposit_paid_at >= o.t0 then x.deposit_paid_at end) as deposit_at,
        bool_or(x.created_at < o.t0 and coalesce(x.paid_at >= o.t0, true) and coalesce(x.deposit_paid_at >= o.t0, true)
            and coalesce(x.closed_at > o.t0, true)) as unpaid_open,
        bool_or(x.paid_at >= o.t0 - $after_sales_length and x.paid_at < o.t0) as recent
    from opening as o
    inner join orders as x on x.buyer_key = o.buyer_key
    group by o.enquiry_key
), crossed as (
    -- the talks of enquiries into which an order falls; grouped, so that they are few before lines join them
    select p.enquiry_key, p.buyer_key, p.conversation_seq, max(d.ordered_at) as ordered_at
    from part as p
    inner join dealt as d on d.enquiry_key = p.enquiry_key and d.ordered_at <= d.last_at
    group by p.enquiry_key, p.buyer_key, p.conversation_seq
), cut as (
    -- message by message only there
    select
        p.enquiry_key,
        arg_max(l.agent, l.seq) filter (where l.by_person and l.agent is not null and a.agent is null) as owner,
        arg_max(l.product_id, l.seq) filter (where l.product_id is not null) as product
    from crossed as p
    inner join line as l on l.buyer_key = p.buyer_key and l.conversation_seq = p.conversation_seq and l.sent_at < p.ordered_at
    left join aftersales as a on a.agent = l.agent
    where l.by_person or l.product_id is not null
    group by p.enquiry_key
)
select
    o.shop, o.enquiry_key, o.buyer_key, o.day, s.hour, o.t0, o.conversations, o.answered,
    k.ends_at as day_ends_at, k.next_ends_at,
    case when $main_days = 1 then k.ends_at when $main_days = 2 then k.next_ends_at
         else o.t0 + $main_length end as main_ends_at,
    case when coalesce(d.unpaid_open, false) then 'unpaid_order' else 'before_order' end as stage,
    coalesce(d.recent, false) as recent, d.ordered_at, d.paid_at, d.deposit_at,
    coalesce(b.owner, o.owner,
        case when o.addressed_to not in (select agent from aftersales) then o.addressed_to end) as owner,
    coalesce(b.product, o.product, 'unknown') as product
from opening as o
inner join slot as s on s.slot = o.t0 // 300000
inner join calendar as k on k.day = o.day
left join dealt as d on d.enquiry_key = o.enquiry_key
left join cut as b on b.enquiry_key = o.enquiry_key
