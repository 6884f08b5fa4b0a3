-- Enters a session in a principal's index, unless too many others are in it.
--
-- KEYS[1]  the index, see enter.lua
-- ARGV     1 selector, 2 now, 3 last moment, 4 ms until then, 5 how many others are too many
-- answers  the generation, or the members if there is no room
local key, selector, now = KEYS[1], ARGV[1], ARGV[2]
-- Nothing is removed before the entry is made: after a removal maxmemory would refuse nothing any more.
local members = redis.call('ZRANGEBYSCORE', key, '(' .. now, '+inf')
local others, count, own = {}, 0, {}
for _, member in ipairs(members) do
  local name = string.match(member, '^([^:]+):')
  if name == selector then
    own[#own + 1] = member
  elseif name and not others[name] then
    others[name] = true
    count = count + 1
  end
end
if count >= tonumber(ARGV[5]) then
  return members
end
local generation = redis.call('ZSCORE', key, 'g') or '0'
local member = selector .. ':' .. now
redis.call('ZADD', key, ARGV[3], member)
for _, other in ipairs(own) do
  if other ~= member then
    redis.call('ZREM', key, other)
  end
end
redis.call('ZREMRANGEBYSCORE', key, '(0', now)
if redis.call('PTTL', key) < tonumber(ARGV[4]) then
  redis.call('PEXPIRE', key, ARGV[4])
end
return (string.gsub(generation, '^%-', ''))
