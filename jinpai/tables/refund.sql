-- 退款 refund: money paid back, on the day of the refund, to the order's owners. An order's own refund
-- counts only where it has no refund rows; without an instant it falls on the day of payment.
with paid_back as (
    select r.order_key, r.sub_order_id, r.amount, r.refunded_at
    from refund_row as r
    where r.refunded_at is not null and r.refunded_at <= $as_of and r.amount > 0
    union all
    select o.order_key, cast(null as varchar), o.refund_amount, coalesce(o.refunded_at, o.paid_at)
    from orders as o
    where o.refund_amount > 0 and o.paid_at is not null
        and not exists (select 1 from refund_row as r where r.order_key = o.order_key)
), item as (
    select order_key, sub_order_id, min(product_id) as product from order_item
    where sub_order_id is not null group by order_key, sub_order_id
), single as (
    select order_key, min(product_id) as product from order_item group by order_key having count(distinct product_id) = 1
)
select
    o.shop, o.order_key, o.buyer_key, s.day, s.hour, p.refunded_at, p.amount,
    coalesce(i.product, u.product, 'unknown') as product,
    o.owner_order, o.owner_payment, o.owner_order_first, o.owner_first, o.owner_by_product
from paid_back as p
inner join attribution as o on o.order_key = p.order_key
inner join slot as s on s.slot = p.refunded_at // 300000
left join item as i on i.order_key = p.order_key and i.sub_order_id = p.sub_order_id
left join single as u on u.order_key = p.order_key
