-- Applies one commit to the hash of a session, or nothing of it: all checks come first, then the writes.
--
-- KEYS[1]  the session
-- ARGV     time of the commit, epoch, largest size, flags, how many changes of fields, and then
--          per change: operation, key, new text, and for W the expected text ('' stands for none);
--          with flag x: how many ids, the ids, weight of the new flash entries, how many, the new entries;
--          with flag p: new epoch or '', verifier, end of the old one, principal's key or '', his id, time of proof or '';
--          with flag t: new idle deadline, time of the caller
--          other flags: c clear, e judge emptiness; an operation is S set or remove, A add, W swap, followed by the
--          class that the field is to have, unless that stays
-- answers  stored | {stored, sums..} | emptied | gone | superseded | large | corrupt | {conflict, number or overflow, n}
--
-- The metadata in `m` reads: 1 size epoch next-flash idle absolute created authenticated verifier superseded until
-- principal id. A session that was destroyed leaves `0 until` there for a minute.
--
-- This runs once for every request that writes: what most commits do not need is made where it is needed.
local key, at, flags, many = KEYS[1], ARGV[1], ARGV[4], tonumber(ARGV[5])
local CHUNK, ENTRY = 4000, 56

-- Numbers are decimal text throughout: a Lua number has 53 bits.
local function below(a, b)
  return #a < #b or (#a == #b and a < b)
end

-- a + b as sign and magnitude, however long.
local function plus(a, b)
  local a_sign, a_size = string.match(a, '^(%-?)(%d+)$')
  local b_sign, b_size = string.match(b, '^(%-?)(%d+)$')
  if below(a_size, b_size) then
    a_sign, a_size, b_sign, b_size = b_sign, b_size, a_sign, a_size
  end
  -- The greater magnitude and the smaller one, in limbs of 14 digits.
  local sign, sum, carry = a_sign == b_sign and 1 or -1, '', 0
  while a_size ~= '' do
    local limb = tonumber(string.sub(a_size, -14)) + sign * (tonumber(string.sub(b_size, -14)) or 0) + carry
    carry = 0
    if limb >= 1e14 then
      limb, carry = limb - 1e14, 1
    elseif limb < 0 then
      limb, carry = limb + 1e14, -1
    end
    sum = string.format('%014.0f', limb) .. sum
    a_size, b_size = string.sub(a_size, 1, -15), string.sub(b_size, 1, -15)
  end
  if carry == 1 then
    sum = '1' .. sum
  end
  sum = string.match(sum, '^0*(%d+)$')
  return sum == '0' and '' or a_sign, sum
end

-- The sum as text, or nothing and why. What is absent and what is null counts as the start value.
local function add(stored, addition)
  local amount, start, lowest, highest = string.match(addition, '^(%S+) (%S+) (%S+) (%S+)$')
  if not stored or stored == 'null' then
    stored = start
  end
  local digits = string.match(stored, '^%-?([1-9]%d*)$')
  if not digits then
    if stored ~= '0' and stored ~= '-0' then
      return nil, 'number'
    end
    stored, digits = '0', '0'
  elseif below('340282366920938463463374607431768211455', digits) then
    return nil, 'number'
  end
  local sign, size
  if #stored < 15 and #amount < 15 then
    -- What has 14 digits is exact as a Lua number.
    local sum = tonumber(stored) + tonumber(amount)
    sign, size = sum < 0 and '-' or '', string.format('%.0f', math.abs(sum))
  else
    sign, size = plus(stored, amount)
  end
  if below(sign == '' and highest or lowest, size) then
    return nil, 'overflow'
  end
  return sign .. size
end

-- What concerns the record as a whole is read with the fields that the commit names.
local names, rest = { 'm' }, 6
for i = 2, 2 * many, 2 do
  local name = ARGV[rest + 1]
  names[i], names[i + 1] = 'f' .. name, 'k' .. name
  rest = rest + (string.byte(ARGV[rest]) == 87 and 4 or 3)
end
local clear, flash, privilege, touch, judge
local consumed = 0
if flags ~= '' then
  clear, flash = string.find(flags, 'c', 1, true), string.find(flags, 'x', 1, true)
  privilege, touch = string.find(flags, 'p', 1, true), string.find(flags, 't', 1, true)
  judge = string.find(flags, 'e', 1, true)
  if flash then
    consumed = tonumber(ARGV[rest])
    for i = 1, consumed do
      names[1 + 2 * many + i] = 'x' .. ARGV[rest + i]
    end
  end
end
local values
if #names <= CHUNK then
  values = redis.call('HMGET', key, unpack(names))
else
  values = {}
  for first = 1, #names, CHUNK do
    local some = redis.call('HMGET', key, unpack(names, first, math.min(first + CHUNK - 1, #names)))
    for i = 1, #some do
      values[first + i - 1] = some[i]
    end
  end
end

local meta = values[1]
if not meta then
  return redis.call('EXISTS', key) == 0 and 'gone' or 'corrupt'
end
local size, epoch, next_flash, idle, absolute, identity =
  string.match(meta, '^1 (%d+) (%d+) (%d+) (%d+) (%d+) (.+)$')
if not size then
  return string.sub(meta, 1, 2) == '0 ' and 'gone' or 'corrupt'
end
if not (below(at, idle) and below(at, absolute)) then
  return 'gone'
end
if epoch ~= ARGV[2] then
  return 'superseded'
end
size = tonumber(size)

local weight, entries = size, 0
local write, writes, drop, cleared = { 'm', meta }, 2, {}, nil
if clear then
  cleared = {}
  local all = redis.call('HGETALL', key)
  for i = 1, #all, 2 do
    local class = string.sub(all[i], 1, 1)
    if class == 'f' or class == 'k' then
      cleared[all[i]] = true
      weight, entries = weight - (#all[i] - 1 + #all[i + 1] + ENTRY), entries - 1
    end
  end
  for i = 2, 1 + 2 * many do
    values[i] = false
  end
end

local place, answer = 6, nil
for i = 2, 2 * many, 2 do
  local op, class = string.byte(ARGV[place], 1, 2)
  local name, new, kept = ARGV[place + 1], ARGV[place + 2], values[i + 1]
  local stored = values[i] or kept
  place = place + 3
  if op == 87 then -- W
    if (stored or '') ~= ARGV[place] then
      return { 'conflict', i / 2 - 1 }
    end
    place = place + 1
  elseif op == 65 then -- A
    local sum, fault = add(stored, new)
    if not sum then
      return { fault, i / 2 - 1 }
    end
    answer = answer or { 'stored' }
    answer[#answer + 1], new = sum, sum
  end
  if new ~= '' then
    -- 107 is k; without a class the field keeps its own.
    local target = ((class or (kept and 107)) == 107) and names[i + 1] or names[i]
    write[writes + 1], write[writes + 2] = target, new
    writes = writes + 2
    if cleared then
      cleared[target] = nil
    end
    if stored then
      weight = weight + #new - #stored
      local before = kept and names[i + 1] or names[i]
      if before ~= target then
        drop[#drop + 1] = before
      end
    else
      weight, entries = weight + #name + #new + ENTRY, entries + 1
    end
  elseif stored then
    drop[#drop + 1] = kept and names[i + 1] or names[i]
    weight, entries = weight - (#name + #stored + ENTRY), entries - 1
  end
end
if cleared then
  for name in pairs(cleared) do
    drop[#drop + 1] = name
  end
end

if flash then
  local seen = {}
  for i = 2 + 2 * many, 1 + 2 * many + consumed do
    local name, entry = names[i], values[i]
    if entry and not seen[name] then
      seen[name] = true
      drop[#drop + 1] = name
      -- An entry reads: length of its key, a colon, key, value.
      weight = weight - (#entry - #string.match(entry, '^%d*:?') + ENTRY)
      entries = entries - 1
    end
  end
  rest = rest + consumed + 1
  weight = weight + tonumber(ARGV[rest])
  local put = tonumber(ARGV[rest + 1])
  for i = rest + 2, rest + 1 + put do
    write[writes + 1], write[writes + 2] = 'x' .. next_flash, ARGV[i]
    writes, entries = writes + 2, entries + 1
    local _, after = plus(next_flash, '1')
    next_flash = after
  end
  rest = rest + 2 + put
end

if privilege then
  local created, authenticated, verifier, superseded, ending, owner, id =
    string.match(identity, '^(%S+) (%S+) (%S+) (%S+) (%S+) (%S+) (.*)$')
  if not created then
    return 'corrupt'
  end
  if ARGV[rest] ~= '' then
    epoch, superseded, verifier, ending = ARGV[rest], verifier, ARGV[rest + 1], ARGV[rest + 2]
  end
  if ARGV[rest + 3] ~= '' then
    owner, id = ARGV[rest + 3], ARGV[rest + 4]
  end
  if ARGV[rest + 5] ~= '' then
    authenticated = ARGV[rest + 5]
  end
  identity = table.concat({ created, authenticated, verifier, superseded, ending, owner, id }, ' ')
  rest = rest + 6
end

if judge and redis.call('HLEN', key) - 1 + entries == 0
  and string.match(identity, '^%S+ %S+ %S+ %S+ %S+ (%S+)') == '-' then
  -- A removal comes first: after it maxmemory refuses nothing any more.
  redis.call('DEL', key)
  local _, forgotten = plus(at, '60000')
  redis.call('HSET', key, 'm', '0 ' .. forgotten)
  redis.call('PEXPIRE', key, 60000)
  return 'emptied'
end
if weight > size and weight > tonumber(ARGV[3]) then
  return 'large'
end

local lifetime
if touch then
  local raised = below(idle, ARGV[rest]) and ARGV[rest] or idle
  if below(absolute, raised) then
    raised = absolute
  end
  if raised ~= idle then
    idle = raised
    local left = math.min(tonumber(idle) - tonumber(ARGV[rest + 1]), 3155760000000)
    lifetime = string.format('%.0f', math.max(1, left))
  end
end
if weight ~= size or flags ~= '' then
  write[2] = '1 ' .. weight .. ' ' .. epoch .. ' ' .. next_flash .. ' ' .. idle .. ' ' .. absolute .. ' ' .. identity
end

-- What may grow the record is written first, where maxmemory can still refuse it and with it the whole commit. A
-- touch and a removal are not to be refused: there the metadata comes last.
if writes > 2 then
  for first = 1, writes, CHUNK do
    redis.call('HSET', key, unpack(write, first, math.min(first + CHUNK - 1, writes)))
  end
end
for first = 1, #drop, CHUNK do
  redis.call('HDEL', key, unpack(drop, first, math.min(first + CHUNK - 1, #drop)))
end
if lifetime then
  redis.call('PEXPIRE', key, lifetime)
end
if writes == 2 and write[2] ~= meta then
  redis.call('HSET', key, 'm', write[2])
end
return answer or 'stored'
