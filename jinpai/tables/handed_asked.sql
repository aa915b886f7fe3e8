-- 转手买家的回合起点 handed_asked: the rounds of `asked` for buyers of whom the platform tells who had the conversation when:
-- few among all, kept aside for the two tables that join hand-overs to them.
select * from asked where handed
