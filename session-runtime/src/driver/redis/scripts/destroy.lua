-- Destroys a live session if it is its owner's, and remembers for a minute that it was there.
--
-- KEYS[1]  the session
-- ARGV     1 now, 2 owner: '*' anybody, '-' nobody, or a principal's key; 3 until when it is remembered
-- answers  1 if it was destroyed, 0 if there was none, -1 if its metadata cannot be read
local key = KEYS[1]
local function below(a, b)
  return #a < #b or (#a == #b and a < b)
end
local meta = redis.call('HGET', key, 'm')
if not meta then
  return -redis.call('EXISTS', key)
end
local idle, absolute, owner = string.match(meta, '^1 %d+ %d+ %d+ (%d+) (%d+) %S+ %S+ %S+ %S+ %S+ (%S+) ')
if not idle then
  return string.sub(meta, 1, 2) == '0 ' and 0 or -1
end
if not (below(ARGV[1], idle) and below(ARGV[1], absolute)) then
  return 0
end
if ARGV[2] ~= '*' and ARGV[2] ~= owner then
  return 0
end
-- The removal comes first: maxmemory does not refuse it, nor anything that a script does after it.
redis.call('DEL', key)
redis.call('HSET', key, 'm', '0 ' .. ARGV[3])
redis.call('PEXPIRE', key, 60000)
return 1
