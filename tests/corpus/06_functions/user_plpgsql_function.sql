-- by a function in another language
SELECT peek(1)
