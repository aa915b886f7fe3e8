-- 销售 sale: each paid order split over its products by worth, by largest remainder, so that products
-- add up to the order to the fen.
with shared as (
    select *,
        case when total > 0 then cast(paid_amount as hugeint) * worth // total else paid_amount // products end as floor_share,
        case when total > 0 then cast(paid_amount as hugeint) * worth % total else 0 end as remainder
    from order_share
), ranked as (
    select *,
        row_number() over (partition by order_key order by remainder desc, product, line) as place,
        paid_amount - cast(sum(floor_share) over (partition by order_key) as bigint) as left_over
    from shared
)
select
    r.shop, r.order_key, r.buyer_key, r.paid_day as day, r.paid_hour as hour, r.product,
    cast(r.floor_share as bigint) + case when r.place <= r.left_over then 1 else 0 end as amount,
    coalesce(case when r.products = 1 then r.order_quantity end, r.quantity, r.order_quantity, 0) as quantity,
    coalesce(r.product_count, case when r.product = 'unknown' then 0 else r.products end) as order_products,
    exists (select 1 from orders as e where e.buyer_key = r.buyer_key and e.paid_at < r.paid_at) as repeated,
    a.owner_order, a.owner_payment, a.owner_order_first, a.owner_first, a.owner_by_product
from ranked as r
inner join attribution as a on a.order_key = r.order_key
