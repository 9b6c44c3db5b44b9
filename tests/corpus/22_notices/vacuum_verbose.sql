-- what tidying the table says
-- commits: yes
VACUUM (VERBOSE, ANALYZE) purchase
