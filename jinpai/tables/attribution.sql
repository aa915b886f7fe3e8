-- 业绩归属 attribution: each order's owner under every rule; null is silent 静默.
-- The owner of an act at T is the person who wrote last before T in the conversation that contains T,
-- else in the latest conversation that ended within attribution_days before T. Outreach owns only the
-- payment of a silent order, and only when sent long enough after it was created.
with wrote as (
    select l.buyer_key, l.seq, l.sent_at, l.agent, c.conversation_seq, c.last_at, c.outreach
    from line as l
    inner join conversation as c on c.buyer_key = l.buyer_key and c.conversation_seq = l.conversation_seq
    where l.by_person and l.agent is not null and l.buyer_key in (select buyer_key from orders)
), creation as (
    select
        o.order_key,
        arg_max(w.agent, w.seq) as owner,
        arg_min(w.agent, w.seq) filter (where w.sent_at >= o.created_at - $attribution_length) as first_owner
    from orders as o
    inner join wrote as w on w.buyer_key = o.buyer_key and w.sent_at < o.created_at
        and w.last_at >= o.created_at - $attribution_length and not w.outreach
    group by o.order_key
), payment as (
    select o.order_key, arg_max(w.agent, w.seq) as owner
    from orders as o
    left join creation as c on c.order_key = o.order_key
    inner join wrote as w on w.buyer_key = o.buyer_key and w.sent_at < o.paid_at
        and w.last_at >= o.paid_at - $attribution_length
        and (not w.outreach or (c.owner is null and w.sent_at >= o.created_at + $reminder_length))
    group by o.order_key
), about as (
    select distinct i.order_key, l.buyer_key, l.conversation_seq
    from order_item as i
    inner join orders as o on o.order_key = i.order_key
    inner join line as l on l.buyer_key = o.buyer_key and l.product_id = i.product_id and l.sent_at < o.created_at
), product as (
    select o.order_key, arg_max(w.agent, w.seq) as owner
    from orders as o
    inner join about as a on a.order_key = o.order_key
    inner join wrote as w on w.buyer_key = o.buyer_key and w.conversation_seq = a.conversation_seq
        and w.sent_at < o.created_at and w.last_at >= o.created_at - $attribution_length and not w.outreach
    group by o.order_key
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
