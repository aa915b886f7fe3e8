-- 销售 sale: each paid order split over its products by quantity times price, by largest remainder, so
-- that products add up to the order to the fen. first_line marks one row of each order.
with product as (
    select order_key, product_id, cast(sum(quantity * price) as bigint) as worth, cast(sum(quantity) as bigint) as quantity,
        min(line) as line
    from order_item group by order_key, product_id
), weighed as (
    select o.*, coalesce(p.product_id, 'unknown') as product, coalesce(p.line, 1) as line,
        count(*) over (partition by o.order_key) as products,
        coalesce(p.worth, 0) as worth,
        cast(coalesce(sum(p.worth) over (partition by o.order_key), 0) as bigint) as total,
        p.quantity as product_quantity
    from orders as o
    left join product as p on p.order_key = o.order_key
    where o.paid_at is not null
), shared as (
    select *,
        case when total > 0 then cast(paid_amount as hugeint) * worth // total
             else paid_amount // products end as floor_share,
        case when total > 0 then cast(paid_amount as hugeint) * worth % total else 0 end as remainder
    from weighed
), ranked as (
    select *,
        row_number() over (partition by order_key order by remainder desc, product, line) as place,
        paid_amount - cast(sum(floor_share) over (partition by order_key) as bigint) as left_over
    from shared
)
select
    r.shop, r.order_key, r.buyer_key, r.paid_day as day, r.paid_hour as hour, r.product,
    cast(r.floor_share as bigint) + case when r.place <= r.left_over then 1 else 0 end as amount,
    case when r.products = 1 and r.quantity > 0 then r.quantity else coalesce(r.product_quantity, r.quantity) end as quantity,
    r.place = 1 as first_line, r.quantity as order_quantity,
    greatest(r.product_count, case when r.total > 0 then r.products else 0 end) as order_products,
    exists (select 1 from orders as e where e.buyer_key = r.buyer_key and e.paid_at < r.paid_at) as repeated,
    a.owner_order, a.owner_payment, a.owner_order_first, a.owner_first, a.owner_by_product
from ranked as r
inner join attribution as a on a.order_key = r.order_key
