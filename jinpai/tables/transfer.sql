-- view
-- 转接 transfer: hand-overs between agents, out of the giver (direction 'out') and into the receiver ('in').
with moved as (
    select e.shop, e.day, e.hour, coalesce(s.product, 'unknown') as product, e.buyer_key, e.seq, g.agent, h.given_to,
        g.seq is not null as given, h.by_robot
    from event as e
    inner join hold as h on h.buyer_key = e.buyer_key and h.seq = e.seq
    left join giver as g on g.buyer_key = e.buyer_key and g.seq = e.seq
    left join span as s on s.buyer_key = e.buyer_key and s.conversation_seq = e.conversation_seq
    where e.event = 'transferred'
)
select 'out' as direction, shop, day, hour, product, agent, buyer_key, seq from moved where given
union all
select 'in', shop, day, hour, product, given_to, buyer_key, seq from moved where given_to is not null and (given or by_robot)
