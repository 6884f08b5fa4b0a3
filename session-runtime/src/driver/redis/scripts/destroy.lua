-- Destroys a live session if it is its owner's, and remembers for a minute that it was there.
--
-- KEYS[1]  the session
-- ARGV     1 now, 2 owner: '*' anybody, '-' nobody, or a principal's key; 3 what is remembered
-- answers  1 if it was destroyed, 0 if there was none, -1 if its value cannot be read
local key = KEYS[1]
local head = redis.call('GETRANGE', key, '0', '95')
if head == '' then
  return -redis.call('EXISTS', key)
end
local deadline, owner
if string.byte(head) == 49 then -- 1
  deadline, owner = string.match(head, '^(%d+) (%S+)\n', 10)
end
if not deadline then
  return string.match(head, '^0 %d+$') and 0 or -1
end
-- As decimal text: a Lua number has 53 bits.
local now = ARGV[1]
if #deadline < #now or (#deadline == #now and deadline <= now) then
  return 0
end
if ARGV[2] ~= '*' and ARGV[2] ~= owner then
  return 0
end
-- The removal comes first: maxmemory does not refuse it, nor anything that a script does after it.
redis.call('DEL', key)
redis.call('SET', key, ARGV[3], 'PX', 60000)
return 1
