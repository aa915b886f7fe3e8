-- inspection
-- 时效判定 timed: every occasion of a check on time, its result in thousandths, and the message that it rests on.
-- Measured on the shop's working clock where hours are set; questions outside them count for nobody. Of a gap and a
-- filler the late or empty answer is told, of a hold the words themselves, of a last question the question. Who has more
-- conversations open than the shop's limit when the buyer writes is not measured by first response and gap.
with timing as (
    -- numbers are joined, not names: `id` counts the checks
    select *, row_number() over (order by criterion, number) as id from criterion_check
    where measure in ('first_response', 'gap', 'last_answer', 'hold_return', 'filler')
), heard as (
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
    select c.id, c.measure, p.part, p.signal, c.zero_ms
    from timing as c
    inner join criterion_signal as p on p.criterion = c.criterion and p.number = c.number
), tagged as (
    -- each message once; the least of begin × 2^31 + end is its first stretch
    select w.id, w.measure, w.part, w.zero_ms, t.buyer_key, t.conversation_seq, t.seq, t.sent_at, t.turn, t.agent, t.side,
        min(t.begins * 2147483648 + t.ends) as words
    from tag as t
    inner join wanted as w on w.signal = t.signal
    group by w.id, w.measure, w.part, w.zero_ms, t.buyer_key, t.conversation_seq, t.seq, t.sent_at, t.turn, t.agent, t.side
), asked_of as (
    -- what a waiting buyer asked, the first words of the first round, and of the last, that ask something
    select g.id, c.buyer_key, c.round_seq, min(g.seq) as seq, arg_min(g.words, g.seq) as words
    from tagged as g
    inner join counted as c on c.buyer_key = g.buyer_key and c.conversation_seq = g.conversation_seq
        and ((g.measure = 'last_answer' and c.place_from_end = 1) or (g.measure = 'filler' and c.shop_first and c.answered_seq is not null))
    where g.part = 'when' and g.side = 'buyer' and g.seq >= c.round_seq and (c.answered_seq is null or g.seq < c.answered_seq)
    group by g.id, c.buyer_key, c.round_seq
), held as (
    select distinct g.id, e.buyer_key, e.asked_seq
    from tagged as g
    inner join exchange as e on e.buyer_key = g.buyer_key and e.conversation_seq = g.conversation_seq and e.turn = g.turn + 1
    where g.measure = 'gap' and g.part = 'unless' and g.side = 'agent'
), holding as (
    select * from tagged where measure = 'hold_return' and part = 'when' and side = 'agent'
), emptied as (
    select g.id, g.buyer_key, g.conversation_seq, c.round_seq, g.seq, g.sent_at, g.zero_ms, g.words
    from tagged as g
    inner join counted as c on c.buyer_key = g.buyer_key and c.answered_seq = g.seq and c.shop_first
    where g.measure = 'filler' and g.part = 'forbid' and g.side = 'agent'
), pending as (
    select distinct id, buyer_key, conversation_seq from tagged
    where side = 'agent' and ((measure = 'hold_return' and part = 'when') or (measure = 'filler' and part = 'forbid'))
), meant as (
    -- words that only ask to wait once more, or say nothing, are no answer
    select p.id, m.buyer_key, m.conversation_seq, m.seq, m.sent_at
    from message as m
    inner join pending as p on p.buyer_key = m.buyer_key and p.conversation_seq = m.conversation_seq
    where m.sender in ('agent', 'assist') and not exists (
        select 1 from tagged as g
        where g.id = p.id and g.buyer_key = m.buyer_key and g.seq = m.seq
            and g.side = 'agent' and (g.part = 'forbid' or (g.part = 'when' and g.measure = 'hold_return')))
), returned as (
    select h.id, h.buyer_key, h.seq, min(s.sent_at) as sent_at
    from holding as h
    inner join meant as s on s.id = h.id and s.buyer_key = h.buyer_key and s.conversation_seq = h.conversation_seq and s.seq > h.seq
    group by h.id, h.buyer_key, h.seq
), empty_answer as (
    select g.id, g.buyer_key, g.round_seq, g.seq, g.words
    from emptied as g
    where not exists (
        select 1 from meant as s
        where s.id = g.id and s.buyer_key = g.buyer_key and s.conversation_seq = g.conversation_seq
            and s.seq > g.seq and s.sent_at <= g.sent_at + g.zero_ms)
), every_one as (
    select
        k.id, c.buyer_key, c.conversation_seq, c.round_seq as occasion,
        case when c.ms <= k.full_ms then 1000 when c.ms >= k.zero_ms then 0
            when c.ms <= k.pass_ms then 1000 - (c.ms - k.full_ms) * 400 // greatest(k.pass_ms - k.full_ms, 1)
            else 600 - (c.ms - k.pass_ms) * 600 // greatest(k.zero_ms - k.pass_ms, 1) end as result,
        c.agent, c.answered_seq as seq, cast(null as bigint) as words
    from counted as c
    inner join timing as k on k.measure = 'first_response'
    where c.shop_first and c.answered_seq is not null and c.ms is not null and not c.is_crowded
    union all
    select
        k.id, c.buyer_key, c.conversation_seq, c.round_seq,
        case when c.ms > k.zero_ms and h.asked_seq is null then 0 else 1000 end,
        c.agent, c.answered_seq, cast(null as bigint)
    from counted as c
    inner join timing as k on k.measure = 'gap'
    left join held as h on h.id = k.id and h.buyer_key = c.buyer_key and h.asked_seq = c.round_seq
    where not c.shop_first and c.answered_seq is not null and c.ms is not null and not c.is_crowded
    union all
    select
        q.id, c.buyer_key, c.conversation_seq, c.round_seq,
        case when c.answered_seq is null then 0 else 1000 end, c.agent, q.seq, q.words
    from counted as c
    inner join asked_of as q on q.buyer_key = c.buyer_key and q.round_seq = c.round_seq
    inner join timing as k on k.id = q.id and k.measure = 'last_answer'
    where c.place_from_end = 1
    union all
    select
        h.id, h.buyer_key, h.conversation_seq, h.seq,
        case when r.sent_at is null or r.sent_at > h.sent_at + h.zero_ms then 0 else 1000 end, h.agent, h.seq, h.words
    from holding as h
    left join returned as r on r.id = h.id and r.buyer_key = h.buyer_key and r.seq = h.seq
    inner join heard as i on i.buyer_key = h.buyer_key and i.conversation_seq = h.conversation_seq
    union all
    select
        q.id, c.buyer_key, c.conversation_seq, c.round_seq,
        case when e.seq is null then 1000 else 0 end, c.agent, c.answered_seq, e.words
    from counted as c
    inner join asked_of as q on q.buyer_key = c.buyer_key and q.round_seq = c.round_seq
    inner join timing as k on k.id = q.id and k.measure = 'filler'
    left join empty_answer as e on e.id = q.id and e.buyer_key = c.buyer_key
        and e.round_seq = c.round_seq
    where c.shop_first and c.answered_seq is not null
)
select
    k.criterion, k.number, o.buyer_key, o.conversation_seq, o.occasion, cast(o.result as bigint) as result, o.agent, o.seq,
    o.words // 2147483648 as begins, o.words % 2147483648 as ends
from every_one as o
inner join timing as k on k.id = o.id
