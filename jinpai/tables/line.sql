-- 会话里的消息 line: every message in exactly one conversation, and the round it belongs to.
-- A person's answer to a waiting buyer belongs to the conversation that it answers, up to 24 h, and
-- so does what an automatic sender wrote in between: a buyer's conversations never overlap in time.
-- Rounds are numbered thrice: as the shop's setting counts persons, by agents alone (agent_*) and by
-- agents or assistant robots (staff_*), since each platform says for itself whether the latter count.
with talk as (
    select
        shop, buyer_key, seq, message_key, sent_at, day, hour, agent, sender, kind, event, product_id, chars, matched,
        sender = 'buyer' as by_buyer,
        sender = 'agent' or (sender = 'assist' and $assist_counts) as by_person,
        sender = 'agent' as by_agent,
        sender = 'agent' or sender = 'assist' as by_staff
    from message
), seen as (
    select
        *,
        max(case when sender <> 'system' then sent_at end) over before as last_at,
        max(case when by_buyer then seq end) over before as last_buyer,
        max(case when by_buyer then sent_at end) over before as last_buyer_at,
        max(case when by_person then seq end) over before as last_person,
        max(case when by_agent then seq end) over before as last_agent,
        max(case when by_staff then seq end) over before as last_staff,
        min(case when by_buyer then seq end) over after as next_buyer,
        min(case when by_person then seq end) over after as next_person,
        min(case when by_person then sent_at end) over after as next_person_at,
        max(case when event = 'closed' then seq end) over before as last_closed,
        max(case when event = 'reopened' then seq end) over before as last_reopened
    from talk
    window before as (partition by buyer_key order by seq rows between unbounded preceding and 1 preceding),
        after as (partition by buyer_key order by seq rows between 1 following and unbounded following)
), judged as (
    select
        *,
        -- someone still waits, and this is the answer or stands before the answer
        coalesce(last_buyer > coalesce(last_person, 0), false) and case
            when by_person then sent_at - last_buyer_at <= 86400000
            when by_buyer then false
            else coalesce(next_person < coalesce(next_buyer, next_person + 1)
                and next_person_at - last_buyer_at <= 86400000, false) end as carried_on
    from seen
    where sender <> 'system'
), capable as (
    select *, max(case when not carried_on then seq end) over (
            partition by buyer_key order by seq rows between unbounded preceding and 1 preceding) as last_capable
    from judged
), cut as (
    select
        *,
        last_at is null or sent_at - last_at > 86400000 or (not carried_on and (
            sent_at - last_at > $conversation_gap
            or coalesce(last_closed > coalesce(last_reopened, 0) and last_closed > last_capable, false))) as starts
    from capable
), placed as (
    select *, max(case when starts then seq end) over (
            partition by buyer_key order by seq rows between unbounded preceding and current row) as conversation_seq
    from cut
), waiting as (
    select
        *,
        coalesce(last_buyer >= conversation_seq and last_buyer > coalesce(last_person, 0), false) as person_waited_for,
        coalesce(last_buyer >= conversation_seq and last_buyer > coalesce(last_agent, 0), false) as agent_waited_for,
        coalesce(last_buyer >= conversation_seq and last_buyer > coalesce(last_staff, 0), false) as staff_waited_for
    from placed
)
select
    shop, buyer_key, seq, message_key, sent_at, day, hour, agent, sender, kind, product_id, chars, matched,
    by_person, conversation_seq,
    by_person and person_waited_for as answers,
    by_agent and agent_waited_for as agent_answers,
    by_staff and staff_waited_for as staff_answers,
    max(case when by_buyer and not person_waited_for then seq end) over (
        partition by buyer_key, conversation_seq order by seq rows between unbounded preceding and current row) as round_seq,
    max(case when by_buyer and not agent_waited_for then seq end) over (
        partition by buyer_key, conversation_seq order by seq rows between unbounded preceding and current row) as agent_round_seq,
    max(case when by_buyer and not staff_waited_for then seq end) over (
        partition by buyer_key, conversation_seq order by seq rows between unbounded preceding and current row) as staff_round_seq
from waiting
