-- inspection
-- 时效判定 timed: every occasion of a check on time, its result in thousandths, and the message that it rests on.
-- Measured on the shop's working clock where hours are set; questions outside them count for nobody. Of a gap and a
-- filler the late or empty answer is told, of a hold the words themselves, of a last question the question. Who has more
-- conversations open than the shop's limit when the buyer writes is not measured by first response and gap.
with heard as (
    select buyer_key, conversation_seq from span where buyer_messages > 0 and agent_messages > 0
), placed as (
    -- rounds among the stretches in which their agent was too busy: a join by range would pair all with all
    select agent, started_at as moment_at, buyer_key, round_seq, true as is_round, cast(null as bigint) as begins_at
    from round where not gave_away and agent is not null
    union all
    select agent, begins_at, cast(null as bigint), cast(null as bigint), false, begins_at from crowded
), last_begun as (
    select
        agent, moment_at, buyer_key, round_seq, is_round,
        max(begins_at) over (partition by agent order by moment_at, is_round rows between unbounded preceding and current row) as begins_at
    from placed
), busy as (
    select p.buyer_key, p.round_seq
    from last_begun as p
    inner join crowded as w on w.agent = p.agent and w.begins_at = p.begins_at
    where p.is_round and p.moment_at < w.ends_at
), counted as (
    select
        r.buyer_key, r.conversation_seq, r.round_seq, r.agent, r.shop_first, a.answered_seq, a.answered_at,
        case when r.has_hours then r.agent_business_ms else r.agent_ms end as ms,
        b.round_seq is not null as is_crowded,
        row_number() over (partition by r.buyer_key, r.conversation_seq order by r.round_seq desc) as place_from_end
    from round as r
    inner join asked as a on a.buyer_key = r.buyer_key and a.round_seq = r.round_seq and a.for_shop
    inner join heard as h on h.buyer_key = r.buyer_key and h.conversation_seq = r.conversation_seq
    left join busy as b on b.buyer_key = r.buyer_key and b.round_seq = r.round_seq
    where not r.gave_away and not coalesce(r.off_hours, false)
), wanted as (
    select c.criterion, c.number, c.measure, c.side, p.part, p.signal, c.zero_ms
    from criterion_check as c
    inner join criterion_signal as p on p.criterion = c.criterion and p.number = c.number
    where c.measure <> 'said'
), tagged as (
    select w.criterion, w.number, w.measure, w.part, w.zero_ms, t.buyer_key, t.conversation_seq, t.seq, t.sent_at, t.turn, t.begins, t.ends,
        t.agent, t.side, t.signal
    from tag as t
    inner join wanted as w on w.signal = t.signal
), asked_of as (
    -- what a waiting buyer asked, the first words of each round that ask something
    select g.criterion, g.number, g.measure, c.buyer_key, c.round_seq, g.seq, g.begins, g.ends, row_number() over (
            partition by g.criterion, g.number, c.buyer_key, c.round_seq order by g.seq, g.begins, g.ends, g.signal) as place
    from tagged as g
    inner join counted as c on c.buyer_key = g.buyer_key and c.conversation_seq = g.conversation_seq
    where g.part = 'when' and g.side = 'buyer' and g.seq >= c.round_seq and (c.answered_seq is null or g.seq < c.answered_seq)
), held as (
    select distinct g.criterion, g.number, e.buyer_key, e.asked_seq
    from tagged as g
    inner join exchange as e on e.buyer_key = g.buyer_key and e.conversation_seq = g.conversation_seq and e.turn = g.turn + 1
    where g.measure = 'gap' and g.part = 'unless' and g.side = 'agent'
), holding as (
    select *, row_number() over (partition by criterion, number, buyer_key, seq order by begins, ends, signal) as place
    from tagged
    where measure = 'hold_return' and part = 'when' and side = 'agent'
), spoke as (
    select m.buyer_key, m.conversation_seq, m.seq, m.sent_at
    from message as m
    inner join (select distinct buyer_key, conversation_seq from tagged where measure in ('hold_return', 'filler')) as t
        on t.buyer_key = m.buyer_key and t.conversation_seq = m.conversation_seq
    where m.sender in ('agent', 'assist')
), meant as (
    -- words that only ask to wait once more, or say nothing, are no answer
    select k.criterion, k.number, s.buyer_key, s.conversation_seq, s.seq, s.sent_at
    from spoke as s
    inner join criterion_check as k on k.measure in ('hold_return', 'filler')
    where not exists (
        select 1 from tagged as g
        where g.criterion = k.criterion and g.number = k.number and g.buyer_key = s.buyer_key and g.seq = s.seq
            and g.side = 'agent' and (g.part = 'forbid' or (g.part = 'when' and g.measure = 'hold_return')))
), returned as (
    select h.criterion, h.number, h.buyer_key, h.seq, min(s.sent_at) as sent_at
    from holding as h
    inner join meant as s on s.criterion = h.criterion and s.number = h.number and s.buyer_key = h.buyer_key
        and s.conversation_seq = h.conversation_seq and s.seq > h.seq
    group by h.criterion, h.number, h.buyer_key, h.seq
), empty_answer as (
    select g.criterion, g.number, c.buyer_key, c.round_seq, g.seq, g.begins, g.ends, row_number() over (
            partition by g.criterion, g.number, c.buyer_key, c.round_seq order by g.begins, g.ends, g.signal) as place
    from tagged as g
    inner join counted as c on c.buyer_key = g.buyer_key and c.answered_seq = g.seq and c.shop_first
    where g.measure = 'filler' and g.part = 'forbid' and g.side = 'agent'
        and not exists (
            select 1 from meant as s
            where s.criterion = g.criterion and s.number = g.number and s.buyer_key = g.buyer_key
                and s.conversation_seq = g.conversation_seq and s.seq > g.seq and s.sent_at <= g.sent_at + g.zero_ms)
), every_one as (
    select
        k.criterion, k.number, c.buyer_key, c.conversation_seq, c.round_seq as occasion,
        case when c.ms <= k.full_ms then 1000 when c.ms >= k.zero_ms then 0
            when c.ms <= k.pass_ms then 1000 - (c.ms - k.full_ms) * 400 // greatest(k.pass_ms - k.full_ms, 1)
            else 600 - (c.ms - k.pass_ms) * 600 // greatest(k.zero_ms - k.pass_ms, 1) end as result,
        c.agent, c.answered_seq as seq, cast(null as bigint) as begins, cast(null as bigint) as ends
    from counted as c
    inner join criterion_check as k on k.measure = 'first_response'
    where c.shop_first and c.answered_seq is not null and c.ms is not null and not c.is_crowded
    union all
    select
        k.criterion, k.number, c.buyer_key, c.conversation_seq, c.round_seq,
        case when c.ms > k.zero_ms and h.asked_seq is null then 0 else 1000 end,
        c.agent, c.answered_seq, cast(null as bigint), cast(null as bigint)
    from counted as c
    inner join criterion_check as k on k.measure = 'gap'
    left join held as h on h.criterion = k.criterion and h.number = k.number and h.buyer_key = c.buyer_key and h.asked_seq = c.round_seq
    where not c.shop_first and c.answered_seq is not null and c.ms is not null and not c.is_crowded
    union all
    select
        q.criterion, q.number, c.buyer_key, c.conversation_seq, c.round_seq,
        case when c.answered_seq is null then 0 else 1000 end, c.agent, q.seq, q.begins, q.ends
    from counted as c
    inner join asked_of as q on q.buyer_key = c.buyer_key and q.round_seq = c.round_seq and q.place = 1
    where q.measure = 'last_answer' and c.place_from_end = 1
    union all
    select
        h.criterion, h.number, h.buyer_key, h.conversation_seq, h.seq,
        case when r.sent_at is null or r.sent_at > h.sent_at + h.zero_ms then 0 else 1000 end, h.agent, h.seq, h.begins, h.ends
    from holding as h
    left join returned as r on r.criterion = h.criterion and r.number = h.number and r.buyer_key = h.buyer_key and r.seq = h.seq
    inner join heard as i on i.buyer_key = h.buyer_key and i.conversation_seq = h.conversation_seq
    where h.place = 1
    union all
    select
        q.criterion, q.number, c.buyer_key, c.conversation_seq, c.round_seq,
        case when e.seq is null then 1000 else 0 end, c.agent, c.answered_seq, e.begins, e.ends
    from counted as c
    inner join asked_of as q on q.buyer_key = c.buyer_key and q.round_seq = c.round_seq and q.place = 1
    left join empty_answer as e on e.criterion = q.criterion and e.number = q.number and e.buyer_key = c.buyer_key
        and e.round_seq = c.round_seq and e.place = 1
    where q.measure = 'filler' and c.shop_first and c.answered_seq is not null
)
select criterion, number, buyer_key, conversation_seq, occasion, cast(result as bigint) as result, agent, seq, begins, ends
from every_one
