-- 会话 conversation: one buyer and the shop talking until a long silence, and whether it is pre-sales.
-- stage: outreach (the buyer never wrote) · filtered · aftersales_team · aftersales · undecided (would be
-- after-sales unless an order follows before the main window ends) · presales.
with person as (
    select r.buyer_key, r.conversation_seq, min(r.agent) as first_name, cast(sum(r.messages) as bigint) as messages,
        bool_and(coalesce(a.team = 'aftersales', false)) as aftersales_team
    from reception as r
    left join agent as a on a.shop = r.shop and a.agent = r.agent
    group by r.buyer_key, r.conversation_seq
), asked as (
    select s.buyer_key, s.conversation_seq, s.first_buyer_at,
        case when $main_days = 1 then c.ends_at when $main_days = 2 then c.next_ends_at
             else s.first_buyer_at + $main_length end as main_ends_at
    from span as s
    inner join calendar as c on c.day = s.day
    where s.buyer_messages > 0
), bought as (
    select a.buyer_key, a.conversation_seq,
        bool_or(o.paid_at >= a.first_buyer_at - $after_sales_length and o.paid_at < a.first_buyer_at) as paid_lately,
        bool_or(o.created_at < a.first_buyer_at and coalesce(o.paid_at >= a.first_buyer_at, true)
            and coalesce(o.deposit_paid_at >= a.first_buyer_at, true)
            and coalesce(o.closed_at > a.first_buyer_at, true)) as unpaid_open,
        bool_or(o.created_at >= a.first_buyer_at and o.created_at < a.main_ends_at) as orders_again
    from asked as a
    inner join orders as o on o.buyer_key = a.buyer_key
    group by a.buyer_key, a.conversation_seq
), unwanted_here as (
    select s.buyer_key, s.conversation_seq,
        bool_or(u.own_account) as own_account, bool_or(u.advertising) as advertising
    from span as s
    inner join unwanted as u on u.buyer_key = s.buyer_key and u.seq >= s.conversation_seq and u.seq <= s.last_seq
    group by s.buyer_key, s.conversation_seq
), off_hours as (
    select s.buyer_key, s.conversation_seq, t.has_hours and not t.is_open as off_hours
    from span as s
    inner join slot as t on t.slot = s.first_buyer_at // 300000
)
select
    s.shop, s.conversation_key, s.buyer_key, s.conversation_seq, s.last_seq, s.first_at, s.last_at, s.day, s.hour,
    s.matched, s.buyer_messages, s.agent_messages, s.first_buyer_at, s.first_buyer_seq,
    coalesce(s.first_person_seq < s.first_buyer_seq, false) as agent_first,
    s.addressed_to, s.last_agent, coalesce(s.product, 'unknown') as product,
    s.buyer_messages = 0 as outreach, coalesce(f.off_hours, false) as off_hours, a.main_ends_at,
    coalesce(b.paid_lately, false) as paid_lately,
    case
        when s.buyer_messages = 0 then 'outreach'
        when u.own_account then 'filtered_own_account'
        when u.advertising then 'filtered_advertising'
        when s.buyer_messages = 1 and coalesce(p.messages, 0) < $min_agent_lines then 'filtered_single_line'
        when p.aftersales_team then 'aftersales_team'
        when b.paid_lately and not b.unpaid_open and not b.orders_again then
            case when a.main_ends_at <= $horizon then 'aftersales' else 'undecided' end
        else 'presales'
    end as stage
from span as s
left join person as p on p.buyer_key = s.buyer_key and p.conversation_seq = s.conversation_seq
left join asked as a on a.buyer_key = s.buyer_key and a.conversation_seq = s.conversation_seq
left join bought as b on b.buyer_key = s.buyer_key and b.conversation_seq = s.conversation_seq
left join unwanted_here as u on u.buyer_key = s.buyer_key and u.conversation_seq = s.conversation_seq
left join off_hours as f on f.buyer_key = s.buyer_key and f.conversation_seq = s.conversation_seq
