-- 转手买家的问 handed_asked: the rounds of `asked` for buyers of whom the platform tells who had the conversation when:
-- few among all, and looked at from three sides.
select * from asked where handed
