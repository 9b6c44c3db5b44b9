-- an error if a date is late
SELECT make_date(2000, extract(month FROM born)::integer + 5, 1) FROM person WHERE id = 1
