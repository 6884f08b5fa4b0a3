-- Puts a value in the place of another one, unless that was replaced meanwhile.
--
-- KEYS[1]  the session
-- ARGV     1 how the value to be replaced begins, 2 the new one, 3 its time to live in ms, 4 if given: even beyond maxmemory
-- answers  1, or the value that is there instead, or nil
if redis.call('GETRANGE', KEYS[1], '0', '8') ~= ARGV[1] then
  return redis.call('GET', KEYS[1])
end
if ARGV[4] then
  -- A removal comes first: after it maxmemory refuses nothing any more.
  redis.call('DEL', KEYS[1])
end
redis.call('SET', KEYS[1], ARGV[2], 'PX', ARGV[3])
return 1
