-- Raises the generation of a principal, and lists his sessions as they are after that.
--
-- KEYS[1]  the index
-- ARGV     1 now, 2 ms for which the generation is kept at least
-- answers  the members
local key = KEYS[1]
-- By the time, so that a generation is not given twice although the index was gone meanwhile.
local last = -(tonumber(redis.call('ZSCORE', key, 'g')) or 0)
local generation = math.max(last + 1, tonumber(ARGV[1]))
-- A removal, if only of nothing, comes first: after it maxmemory refuses nothing any more.
redis.call('ZREM', key, '-')
redis.call('ZADD', key, string.format('-%.0f', generation), 'g')
if redis.call('PTTL', key) < tonumber(ARGV[2]) then
  redis.call('PEXPIRE', key, ARGV[2])
end
return redis.call('ZRANGE', key, 0, -1)
