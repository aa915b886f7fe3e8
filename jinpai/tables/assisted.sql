-- view
-- 协助的销售 assisted: paid orders beside each agent who assisted, by product, on the day of payment.
select a.shop, s.day, s.hour, s.product, a.agent, s.order_key, s.amount,
    s.owner_order, s.owner_payment, s.owner_order_first, s.owner_first, s.owner_by_product
from assist as a
inner join sale as s on s.order_key = a.order_key
