-- 转手买家的回合 handed_round: the rows of `round` for buyers of whom the platform tells who had the conversation when.
with mine as (
    select * from handed_asked where for_shop
), moved as (
    select
        a.buyer_key, a.round_seq,
        min(case when h.event = 'handed_to_human' and h.sent_at >= a.started_at
            and h.sent_at <= coalesce(a.answered_at, h.sent_at) then h.sent_at end) as first_handed_at,
        max(case when h.event = 'handed_to_human' and h.sent_at >= a.started_at
            and h.sent_at <= coalesce(a.answered_at, h.sent_at) then h.sent_at end) as last_handed_at,
        max(case when h.event in ('transferred', 'accepted') and h.given_to = a.answered_by
            and h.sent_at >= a.started_at and h.sent_at <= a.answered_at then h.sent_at end) as taken_at,
        arg_max(h.given_to, h.seq) filter (where h.holds and h.given_to is not null) as last_holder
    from mine as a
    inner join hold as h on h.buyer_key = a.buyer_key and h.conversation_seq = a.conversation_seq
    group by a.buyer_key, a.round_seq
), gave as (
    select a.buyer_key, a.round_seq, g.agent, min(g.seq) as seq
    from mine as a
    inner join giver as g on g.buyer_key = a.buyer_key and g.conversation_seq = a.conversation_seq
        and g.sent_at >= a.started_at and g.seq > a.round_seq
        and (a.answered_seq is null or g.seq < a.answered_seq)
    where g.agent is not null and g.agent <> coalesce(a.answered_by, '')
    group by a.buyer_key, a.round_seq, g.agent
), clocked as (
    select
        a.shop, a.conversation_key, a.buyer_key, a.conversation_seq, a.round_seq, a.conversation_day, a.hour, a.product,
        a.first_round, a.started_at, a.answered_at,
        case when a.answered_at is not null then a.answered_by else coalesce(m.last_holder, a.addressed_to) end as agent,
        greatest(a.started_at, coalesce(m.first_handed_at, a.started_at)) as shop_from,
        greatest(a.started_at, coalesce(m.last_handed_at, a.started_at), coalesce(m.taken_at, a.started_at)) as agent_from,
        false as gave_away, a.round_seq as turn_seq
    from mine as a
    left join moved as m on m.buyer_key = a.buyer_key and m.round_seq = a.round_seq
    union all
    select
        a.shop, a.conversation_key, a.buyer_key, a.conversation_seq, a.round_seq, a.conversation_day, a.hour, a.product,
        a.first_round, a.started_at, cast(null as bigint),
        g.agent, a.started_at, a.started_at, true, g.seq
    from mine as a
    inner join gave as g on g.buyer_key = a.buyer_key and g.round_seq = a.round_seq
), worked as (
    select
        c.*,
        case when f.has_hours then f.worked_before + case when f.is_open then c.shop_from - f.starts_at else 0 end end as shop_from_worked,
        case when g.has_hours then g.worked_before + case when g.is_open then c.agent_from - g.starts_at else 0 end end as agent_from_worked,
        f.has_hours, not o.is_open and o.has_hours as off_hours,
        case when t.has_hours then t.worked_before + case when t.is_open then c.answered_at - t.starts_at else 0 end end as answered_worked
    from clocked as c
    left join slot as f on f.slot = c.shop_from // 300000
    left join slot as o on o.slot = c.started_at // 300000
    left join slot as g on g.slot = c.agent_from // 300000
    left join slot as t on t.slot = c.answered_at // 300000
)
select
    w.shop, w.conversation_key, w.buyer_key, w.conversation_seq, w.round_seq, w.conversation_day as day, w.hour, w.product, w.agent, w.started_at, w.answered_at, w.gave_away, w.has_hours, w.off_hours,
    w.answered_at - w.shop_from as shop_ms, w.answered_at - w.agent_from as agent_ms,
    w.answered_worked - w.shop_from_worked as shop_business_ms,
    w.answered_worked - w.agent_from_worked as agent_business_ms,
    not w.gave_away and w.first_round as shop_first,
    w.agent is not null and row_number() over (
        partition by w.buyer_key, w.conversation_seq, w.agent order by w.round_seq, w.turn_seq) = 1 as agent_first
from worked as w
