-- 退款 refund: money paid back, on the day of the refund, to the order's owners. A refund still being
-- asked for is none yet. An order's own refund counts only where it has no refund rows; without an
-- instant it falls on the day of payment. One that names no line is split like the order.
with paid_back as (
    select r.order_key, r.refund_id, r.sub_order_id, r.amount, r.refunded_at
    from refund_row as r
    where r.refunded_at is not null and r.refunded_at <= $as_of and r.amount > 0
    union all
    select o.order_key, cast(null as varchar), cast(null as varchar), o.refund_amount, coalesce(o.refunded_at, o.paid_at)
    from orders as o
    where o.refund_amount > 0 and o.paid_at is not null
        and not exists (select 1 from refund_row as r where r.order_key = o.order_key)
), item as (
    select order_key, sub_order_id, min(product_id) as product from order_item
    where sub_order_id is not null group by order_key, sub_order_id
), split as (
    select p.*, i.product as line_product, s.product, s.line,
        case when i.product is not null then case when s.product = i.product then p.amount else 0 end
             when s.total > 0 then cast(p.amount as hugeint) * s.worth // s.total else p.amount // s.products end as floor_share,
        case when i.product is null and s.total > 0 then cast(p.amount as hugeint) * s.worth % s.total else 0 end as remainder
    from paid_back as p
    inner join order_share as s on s.order_key = p.order_key
    left join item as i on i.order_key = p.order_key and i.sub_order_id = p.sub_order_id
), ranked as (
    select *,
        row_number() over (partition by order_key, refund_id order by remainder desc, product, line) as place,
        amount - cast(sum(floor_share) over (partition by order_key, refund_id) as bigint) as left_over
    from split
)
select
    o.shop, o.order_key, o.buyer_key, t.day, t.hour, r.refunded_at, r.product,
    cast(r.floor_share as bigint) + case when r.place <= r.left_over then 1 else 0 end as amount,
    o.owner_order, o.owner_payment, o.owner_order_first, o.owner_first, o.owner_by_product
from ranked as r
inner join attribution as o on o.order_key = r.order_key
inner join slot as t on t.slot = r.refunded_at // 300000
