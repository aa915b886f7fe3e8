-- inspection
-- 会话的质检标准 conversation_card: one row a conversation in which both sides wrote: its stage and category, and the version
-- of the scorecard that they choose on its shop day, with the marks. Stage: aftersales where the conversation is (or waits
-- to be known as) after-sales, by the orders paid before it, or where the after-sales team answered; else presales.
-- Category: that of the last product named in it; '' where no product was named or the product list says none.
with heard as (
    select
        c.shop, c.buyer_key, c.conversation_seq, c.conversation_key, c.day, c.hour, c.product, c.last_agent,
        case when c.stage in ('aftersales', 'undecided', 'aftersales_team') then 'aftersales' else 'presales' end as stage,
        coalesce(p.category, '') as category
    from conversation as c
    left join product as p on p.product_id = c.product
    where c.buyer_messages > 0 and c.agent_messages > 0
), situation as (
    select day, stage, category from heard group by day, stage, category
), chosen as (
    select u.day, u.stage, u.category, max(s.card) as card
    from situation as u
    inner join scorecard as s on s.from_day <= u.day and s.until_day > u.day and coalesce(s.stage, u.stage) = u.stage
    left join scorecard_category as g on g.card = s.card and g.category = u.category
    where not s.of_category or g.card is not null
    group by u.day, u.stage, u.category
)
select
    h.shop, h.buyer_key, h.conversation_seq, h.conversation_key, h.day, h.hour, h.product, h.last_agent, h.stage, h.category,
    s.card, s.scorecard, s.version, s.full_mark, s.pass_mark
from heard as h
inner join chosen as c on c.day = h.day and c.stage = h.stage and c.category = h.category
inner join scorecard as s on s.card = c.card
