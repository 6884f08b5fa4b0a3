-- Enters a session in a principal's index, before its record says that it is his.
--
-- KEYS[1]  the index: members read selector:time, scored by the session's last moment; `g` holds the generation,
--          as a negative score, out of the way of the deadlines
-- ARGV     1 selector, 2 now, 3 last moment, 4 ms until then
-- answers  the generation
local key, selector, now = KEYS[1], ARGV[1], ARGV[2]
local generation = redis.call('ZSCORE', key, 'g') or '0'
local member = selector .. ':' .. now
redis.call('ZADD', key, ARGV[3], member)
-- An entry of the session with the same last moment is replaced. One with another stays until that is over; whoever lists
-- takes each session once.
for _, other in ipairs(redis.call('ZRANGEBYSCORE', key, ARGV[3], ARGV[3])) do
  if other ~= member and string.sub(other, 1, #selector + 1) == selector .. ':' then
    redis.call('ZREM', key, other)
  end
end
redis.call('ZREMRANGEBYSCORE', key, '(0', now)
if redis.call('PTTL', key) < tonumber(ARGV[4]) then
  redis.call('PEXPIRE', key, ARGV[4])
end
return (string.gsub(generation, '^%-', ''))
