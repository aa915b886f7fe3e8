-- view
-- 协助的销售 assisted: paid orders beside each agent who assisted, on the day of payment.
select a.shop, s.day, s.hour, 'unknown' as product, a.agent, s.order_key, s.paid_amount as amount,
    s.owner_order, s.owner_payment, s.owner_order_first, s.owner_first, s.owner_by_product
from assist as a
inner join attribution as s on s.order_key = a.order_key
