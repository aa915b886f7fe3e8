-- 转手买家的平台口径回合 handed_platform_round: the rows of `platform_round` for buyers of whom the platform tells who had
-- the conversation when.
with moved as (
    select
        a.buyer_key, a.round_seq, a.answered_seq,
        min(case when h.event = 'handed_to_human' then h.sent_at end) filter (
            where h.sent_at >= a.started_at and h.sent_at <= a.answered_at) as first_handed_at,
        max(case when h.event = 'handed_to_human' or h.given_to = a.answered_by and h.event <> 'assigned' then h.sent_at end) filter (
            where h.sent_at >= a.started_at and h.sent_at <= a.answered_at) as taken_at,
        arg_max(h.given_to, h.seq) filter (where h.holds and h.given_to is not null) as last_holder
    from handed_asked as a
    inner join hold as h on h.buyer_key = a.buyer_key and h.conversation_seq = a.conversation_seq
    group by a.buyer_key, a.round_seq, a.answered_seq
)
select
    a.shop, a.conversation_key, a.buyer_key, a.round_seq as seq, a.by_staff as with_assist, a.by_agents as without_assist,
    a.conversation_day as day, a.hour, a.product,
    case when a.answered_at is not null then a.answered_by else coalesce(m.last_holder, a.addressed_to) end as agent, a.started_at,
    a.first_minute, a.last_minute, a.conversation_minute, a.first_round,
    case when a.same_day
        then a.answered_at - greatest(a.started_at, coalesce(m.first_handed_at, a.started_at)) end as shop_ms,
    case when a.same_day
        then a.answered_at - greatest(a.started_at, coalesce(m.taken_at, a.started_at)) end as agent_ms,
    not a.same_day and a.automatic_last as automatic_end
from handed_asked as a
left join moved as m on m.buyer_key = a.buyer_key and m.round_seq = a.round_seq
    and coalesce(m.answered_seq, 0) = coalesce(a.answered_seq, 0)
where a.by_agents or a.by_staff
