-- Files a new session, unless there is anything under its key.
--
-- KEYS[1]  the session
-- ARGV     1 time to live in ms; then names and values
-- answers  1 if it was filed
local key, CHUNK = KEYS[1], 4000
if redis.call('EXISTS', key) == 1 then
  return 0
end
for first = 2, #ARGV, CHUNK do
  redis.call('HSET', key, unpack(ARGV, first, math.min(first + CHUNK - 1, #ARGV)))
end
redis.call('PEXPIRE', key, ARGV[1])
return 1
