-- whole
-- 商品 product: each product once: as imported last, then the version of the smaller digest, then the later row.
with version as (
    select *, row_number() over (partition by product_id order by imported_at desc, file_key, position desc) as version from source_products
)
select shop, product_id, title, category, price, kind, returnable from version where version = 1
