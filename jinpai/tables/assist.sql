-- 协助 assist: persons who wrote to the buyer between attribution_days before creation and the payment
-- of a paid order; whoever owns it under the rule asked is left out when it is counted.
select distinct o.shop, o.buyer_key, o.order_key, l.agent
from orders as o
inner join line as l on l.buyer_key = o.buyer_key
where l.by_person and l.agent is not null and o.paid_at is not null
    and l.sent_at >= o.created_at - $attribution_length and l.sent_at < o.paid_at
