-- 会话 conversation: one buyer and the shop talking until a long silence, and whether it is pre-sales.
-- stage: outreach (the buyer never wrote) · filtered · aftersales_team · aftersales · undecided (would be
-- after-sales unless an order follows before the main window ends) · presales.
with team as (
    select shop, agent from agent where team = 'aftersales'
), has_team as (
    select distinct shop from team
), person as (
    -- who spoke matters where the buyer wrote once, or where one of the after-sales team may have
    select r.buyer_key, r.conversation_seq, cast(sum(r.messages) as bigint) as messages,
        bool_and(t.agent is not null) as aftersales_team
    from reception as r
    inner join span as s on s.buyer_key = r.buyer_key and s.conversation_seq = r.conversation_seq
    left join has_team as h on h.shop = s.shop
    left join team as t on t.shop = r.shop and t.agent = r.agent
    where s.buyer_messages = 1 or h.shop is not null
    group by r.buyer_key, r.conversation_seq
), bought as (
    select s.buyer_key, s.conversation_seq,
        bool_or(o.paid_at >= s.first_buyer_at - $after_sales_length and o.paid_at < s.first_buyer_at) as paid_lately,
        bool_or(o.created_at < s.first_buyer_at and coalesce(o.paid_at >= s.first_buyer_at, true)
            and coalesce(o.deposit_paid_at >= s.first_buyer_at, true)
            and coalesce(o.closed_at > s.first_buyer_at, true)) as unpaid_open,
        min(case when o.created_at >= s.first_buyer_at then o.created_at end) as next_created_at
    from span as s
    inner join orders as o on o.buyer_key = s.buyer_key
    where s.buyer_messages > 0
    group by s.buyer_key, s.conversation_seq
), unwanted_here as (
    select s.buyer_key, s.conversation_seq,
        bool_or(u.own_account) as own_account, bool_or(u.advertising) as advertising
    from span as s
    inner join unwanted as u on u.buyer_key = s.buyer_key and u.seq >= s.conversation_seq and u.seq <= s.last_seq
    group by s.buyer_key, s.conversation_seq
), clocked as (
    select s.*, coalesce(t.has_hours and not t.is_open, false) as off_hours,
        case when s.buyer_messages > 0 then
            case when $main_days = 1 then c.ends_at when $main_days = 2 then c.next_ends_at
                 else s.first_buyer_at + $main_length end end as main_ends_at
    from span as s
    inner join calendar as c on c.day = s.day
    left join slot as t on t.slot = s.first_buyer_at // 300000
)
select
    s.shop, s.conversation_key, s.buyer_key, s.conversation_seq, s.previous_seq, s.last_seq, s.first_at, s.last_at, s.day, s.hour,
    s.matched, s.buyer_messages, s.agent_messages, s.first_buyer_at, s.first_buyer_seq,
    coalesce(s.first_person_seq < s.first_buyer_seq, false) as agent_first,
    s.addressed_to, s.last_agent, coalesce(s.product, 'unknown') as product,
    s.buyer_messages = 0 as outreach, s.first_received, s.off_hours, s.main_ends_at, coalesce(b.paid_lately, false) as paid_lately,
    case
        when s.buyer_messages = 0 then 'outreach'
        when u.own_account then 'filtered_own_account'
        when u.advertising then 'filtered_advertising'
        when s.buyer_messages = 1 and coalesce(p.messages, 0) < $min_agent_lines then 'filtered_single_line'
        when p.aftersales_team then 'aftersales_team'
        when b.paid_lately and not b.unpaid_open and not coalesce(b.next_created_at < s.main_ends_at, false) then
            case when s.main_ends_at <= $horizon then 'aftersales' else 'undecided' end
        else 'presales'
    end as stage
from clocked as s
left join person as p on p.buyer_key = s.buyer_key and p.conversation_seq = s.conversation_seq
left join bought as b on b.buyer_key = s.buyer_key and b.conversation_seq = s.conversation_seq
left join unwanted_here as u on u.buyer_key = s.buyer_key and u.conversation_seq = s.conversation_seq
