-- 业绩归属 attribution: each order's owner under every rule; null is silent 静默.
-- The owner of an act at T is the person who wrote last before T in the conversation that contains T,
-- else in the latest conversation that ended within attribution_days before T. Outreach owns only the
-- payment of a silent order, and only when sent long enough after it was created.
with creation as (
    select order_key, arg_max(agent, last_seq) as owner, arg_min(agent, first_seq) filter (where first_seq is not null) as first_owner
    from said_before
    where not is_payment and not outreach
    group by order_key
), payment as (
    select w.order_key, arg_max(w.agent, w.last_seq) as owner
    from said_before as w
    left join creation as c on c.order_key = w.order_key
    where w.is_payment and w.in_reach
        and (not w.outreach or (c.owner is null and w.last_at >= w.created_at + $reminder_length))
    group by w.order_key
), ordered as (
    -- each once, so that lines are joined to few rows
    select distinct o.order_key, o.buyer_key, o.created_at, i.product_id
    from orders as o
    inner join order_item as i on i.order_key = o.order_key
), about as (
    select distinct o.order_key, l.conversation_seq
    from ordered as o
    inner join line as l on l.buyer_key = o.buyer_key and l.product_id = o.product_id and l.sent_at < o.created_at
), product as (
    select w.order_key, arg_max(w.agent, w.last_seq) as owner
    from said_before as w
    inner join about as a on a.order_key = w.order_key and a.conversation_seq = w.conversation_seq
    where not w.is_payment and not w.outreach
    group by w.order_key
)
select
    o.shop, o.order_key, o.order_id, o.buyer_key, o.created_at, o.paid_at, o.paid_day as day, o.paid_hour as hour,
    o.paid_amount, o.matched, g.agent as given_to, g.kind as given_kind,
    coalesce(g.agent, c.owner) as owner_order,
    coalesce(g.agent, p.owner) as owner_payment,
    coalesce(g.agent, c.owner, p.owner) as owner_order_first,
    coalesce(g.agent, c.first_owner) as owner_first,
    coalesce(g.agent, q.owner, c.owner) as owner_by_product
from orders as o
left join given as g on g.order_id = o.order_id
left join creation as c on c.order_key = o.order_key
left join payment as p on p.order_key = o.order_key
left join product as q on q.order_key = o.order_key
