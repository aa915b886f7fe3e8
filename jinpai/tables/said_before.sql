-- 下单前说过话的人 said_before: of each order who wrote before its creation, and (is_payment) before its payment: one row a
-- conversation and person, in conversations that ended within attribution_days before the creation or later.
-- in_reach: the conversation ended within attribution_days before the act itself. first_seq is the person's first message
-- within attribution_days before the act, last_seq the last before it, at last_at (ms UTC).
with act as (
    select shop, order_key, buyer_key, created_at, created_at as acted_at, false as is_payment from orders
    union all
    select shop, order_key, buyer_key, created_at, paid_at, true from orders where paid_at is not null
), near as (
    select a.shop, a.order_key, a.buyer_key, a.created_at, a.acted_at, a.is_payment, r.conversation_seq, r.agent, r.outreach,
        c.last_at >= a.acted_at - $attribution_length as in_reach, r.first_seq, r.last_seq, r.last_at,
        r.first_at >= a.acted_at - $attribution_length and r.last_at < a.acted_at as is_whole
    from act as a
    inner join reception as r on r.buyer_key = a.buyer_key and r.first_at < a.acted_at
    inner join conversation as c on c.buyer_key = r.buyer_key and c.conversation_seq = r.conversation_seq
        and c.last_at >= a.created_at - $attribution_length
)
select shop, order_key, buyer_key, created_at, is_payment, conversation_seq, agent, outreach, in_reach, first_seq, last_seq, last_at
from near
where is_whole
union all
-- message by message only where a person wrote on both sides of a limit
select n.shop, n.order_key, n.buyer_key, n.created_at, n.is_payment, n.conversation_seq, n.agent, n.outreach, n.in_reach,
    min(case when l.sent_at >= n.acted_at - $attribution_length then l.seq end), max(l.seq), max(l.sent_at)
from near as n
inner join line as l on l.buyer_key = n.buyer_key and l.conversation_seq = n.conversation_seq and l.agent = n.agent
    and l.by_person and l.sent_at < n.acted_at
where not n.is_whole
group by n.shop, n.order_key, n.buyer_key, n.created_at, n.is_payment, n.conversation_seq, n.agent, n.outreach, n.in_reach
