-- what a look at the table says
ANALYZE VERBOSE person
