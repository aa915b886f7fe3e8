-- 业绩归属 attribution: each order's owner under every rule; null is silent 静默.
-- The owner of an act at T is the person who wrote last before T in the conversation that contains T,
-- else in the latest conversation that ended within attribution_days before T. Outreach owns only the
-- payment of a silent order, and only when sent long enough after it was created.
with act as (
    select order_key, buyer_key, created_at, created_at as acted_at, false as is_payment from orders
    union all
    select order_key, buyer_key, created_at, paid_at, true from orders where paid_at is not null
), near as (
    -- who wrote before the act, in conversations that may own it
    select a.order_key, a.buyer_key, a.created_at, a.acted_at, a.is_payment, r.conversation_seq, r.agent, c.outreach,
        r.first_seq, r.last_seq, r.last_at,
        r.first_at >= a.acted_at - $attribution_length and r.last_at < a.acted_at as is_whole
    from act as a
    inner join reception as r on r.buyer_key = a.buyer_key and r.first_at < a.acted_at
    inner join conversation as c on c.buyer_key = r.buyer_key and c.conversation_seq = r.conversation_seq
        and c.last_at >= a.acted_at - $attribution_length
), wrote as (
    -- the first message within attribution_days and the last before the act; message by message only where a person
    -- wrote on both sides of one of the two
    select order_key, created_at, is_payment, conversation_seq, agent, outreach, first_seq, last_seq, last_at
    from near
    where is_whole
    union all
    select n.order_key, n.created_at, n.is_payment, n.conversation_seq, n.agent, n.outreach,
        case when l.sent_at >= n.acted_at - $attribution_length then l.seq end, l.seq, l.sent_at
    from near as n
    inner join line as l on l.buyer_key = n.buyer_key and l.conversation_seq = n.conversation_seq and l.agent = n.agent
        and l.by_person and l.sent_at < n.acted_at
    where not n.is_whole
), creation as (
    select order_key, arg_max(agent, last_seq) as owner, arg_min(agent, first_seq) filter (where first_seq is not null) as first_owner
    from wrote
    where not is_payment and not outreach
    group by order_key
), payment as (
    select w.order_key, arg_max(w.agent, w.last_seq) as owner
    from wrote as w
    left join creation as c on c.order_key = w.order_key
    where w.is_payment
        and (not w.outreach or (c.owner is null and w.last_at >= w.created_at + $reminder_length))
    group by w.order_key
), about as (
    select distinct i.order_key, l.conversation_seq
    from order_item as i
    inner join orders as o on o.order_key = i.order_key
    inner join line as l on l.buyer_key = o.buyer_key and l.product_id = i.product_id and l.sent_at < o.created_at
), product as (
    select w.order_key, arg_max(w.agent, w.last_seq) as owner
    from wrote as w
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
