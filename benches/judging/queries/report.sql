WITH monthly AS (
    SELECT o.user_id, date_trunc('month', o.placed_at) AS month, sum(o.amount) AS total,
        count(*) AS bought, count(DISTINCT o.item) AS items, max(o.amount) AS largest
    FROM shop.orders o
    WHERE o.placed_at >= '2024-01-01' AND o.placed_at < '2026-01-01'
    GROUP BY o.user_id, date_trunc('month', o.placed_at)
), ranked AS (
    SELECT m.user_id, m.month, m.total, m.bought, m.items, m.largest,
        rank() OVER (PARTITION BY m.month ORDER BY m.total DESC) AS place,
        lag(m.total, 1) OVER (PARTITION BY m.user_id ORDER BY m.month) AS before,
        lead(m.total, 1) OVER (PARTITION BY m.user_id ORDER BY m.month) AS after,
        avg(m.total) OVER (PARTITION BY m.user_id ORDER BY m.month
            ROWS BETWEEN 2 PRECEDING AND CURRENT ROW) AS running
    FROM monthly m
), regulars AS (
    SELECT user_id, count(*) AS months, sum(total) AS spent
    FROM monthly
    GROUP BY user_id
    HAVING count(*) > 6 AND sum(total) BETWEEN 100 AND 100000
), popular AS (
    SELECT p.id, p.name, p.price, count(o.id) AS sold
    FROM shop.products p
    LEFT JOIN shop.orders o ON o.item = p.name
    GROUP BY p.id, p.name, p.price
    HAVING count(o.id) > 10
), spenders AS (
    SELECT w.user_id, w.balance, w.coupons, ntile(10) OVER (ORDER BY w.balance DESC) AS tenth
    FROM shop.wallets w
    WHERE w.balance > 0
)
SELECT u.id, u.gender, u.status, r.month, r.total, r.bought, r.place,
    CASE WHEN r.before IS NULL THEN 'new'
        WHEN r.total > r.before * 1.2 THEN 'up'
        WHEN r.total < r.before * 0.8 THEN 'down'
        ELSE 'even' END AS trend,
    coalesce(s.tenth, 0) AS tenth, g.months, g.spent,
    (SELECT max(q.sold) FROM popular q WHERE q.price < r.largest) AS best_sold
FROM ranked r
JOIN shop.users u ON u.id = r.user_id
LEFT JOIN spenders s ON s.user_id = u.id
LEFT JOIN regulars g ON g.user_id = u.id
LEFT JOIN live.viewers v ON v.user_id = u.id AND v.gift_spend > 10
WHERE r.place <= 100
    AND u.status IN ('active', 'locked')
    AND EXISTS (
        SELECT 1 FROM shop.orders x
        JOIN popular y ON y.name = x.item
        WHERE x.user_id = u.id AND x.amount > 100 AND y.sold > 20)
    AND u.id NOT IN (SELECT c.user_id FROM live.viewers c WHERE c.nickname IS NULL)
UNION ALL
SELECT u.id, u.gender, u.status, NULL, 0, 0, NULL, 'none', coalesce(s.tenth, 0), 0, 0, NULL
FROM shop.users u
LEFT JOIN spenders s ON s.user_id = u.id
WHERE NOT EXISTS (SELECT 1 FROM monthly m WHERE m.user_id = u.id)
    AND u.created_at >= '2024-01-01'
UNION ALL
SELECT NULL, u.gender, NULL, r.month, sum(r.total), sum(r.bought)::bigint, NULL, 'all', NULL,
    count(DISTINCT r.user_id), avg(r.running), max(r.items)
FROM ranked r
JOIN shop.users u ON u.id = r.user_id
WHERE r.month >= '2025-01-01' AND (r.after IS NULL OR r.after > r.total / 2)
GROUP BY GROUPING SETS ((u.gender, r.month), (r.month), ())
ORDER BY 4 NULLS LAST, 7, 1
LIMIT 500
