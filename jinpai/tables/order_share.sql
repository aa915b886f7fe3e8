-- 订单里的商品 order_share: each paid order's products by their worth, quantity times price; an order
-- without lines has one product, unknown. `total` is the worth of all its products.
with product as (
    select order_key, product_id, cast(sum(quantity * price) as bigint) as worth, cast(sum(quantity) as bigint) as quantity,
        min(line) as line
    from order_item group by order_key, product_id
)
select
    o.shop, o.order_key, o.buyer_key, o.paid_at, o.paid_day, o.paid_hour, o.paid_amount, o.quantity as order_quantity,
    o.product_count, coalesce(p.product_id, 'unknown') as product, coalesce(p.line, 1) as line,
    count(*) over (partition by o.order_key) as products, p.quantity, coalesce(p.worth, 0) as worth,
    cast(coalesce(sum(p.worth) over (partition by o.order_key), 0) as bigint) as total
from orders as o
left join product as p on p.order_key = o.order_key
where o.paid_at is not null
