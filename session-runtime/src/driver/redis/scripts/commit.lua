-- Applies one commit to the hash of a session, or nothing of it: all checks come first, then the writes.
--
-- KEYS[1]  the session
-- ARGV     1 time of the commit, 2 epoch, 3 largest size, 4 time of the caller, 5 idle deadline or '',
--          6 flags: c clear, e judge emptiness, x flash, p privilege; 7 how many changes of fields;
--          then per change: operation and class ('' keeps the stored one), key, new text, expected text;
--          with x: how many ids, the ids, weight of the new entries, how many, the new entries;
--          with p: new epoch or '', verifier, end of the old one, principal's key or '', his id, time of proof or ''
-- answers  stored | {stored, sums} | emptied | gone | superseded | large | corrupt | {conflict, number or overflow, n}
--
-- The metadata in `m` reads: 1 size epoch next-flash idle absolute created authenticated verifier superseded until
-- principal id. A session that was destroyed leaves `0 until` there for a minute.
local key, flags, many = KEYS[1], ARGV[6], tonumber(ARGV[7])
local CHUNK, ENTRY = 4000, 56

-- Numbers are decimal text throughout: a Lua number has 53 bits.
local function below(a, b)
  return #a < #b or (#a == #b and a < b)
end

-- a + b or a - b for magnitudes, a being the greater one, in limbs of 14 digits.
local function fold(a, b, sign)
  local sum, carry = '', 0
  while a ~= '' do
    local limb = tonumber(string.sub(a, -14)) + sign * (tonumber(string.sub(b, -14)) or 0) + carry
    carry = 0
    if limb >= 1e14 then
      limb, carry = limb - 1e14, 1
    elseif limb < 0 then
      limb, carry = limb + 1e14, -1
    end
    sum = string.format('%014.0f', limb) .. sum
    a, b = string.sub(a, 1, -15), string.sub(b, 1, -15)
  end
  if carry == 1 then
    sum = '1' .. sum
  end
  return string.match(sum, '^0*(%d+)$')
end

local function plus(a, b)
  local a_sign, a_size = string.match(a, '^(%-?)(%d+)$')
  local b_sign, b_size = string.match(b, '^(%-?)(%d+)$')
  if below(a_size, b_size) then
    a_sign, a_size, b_sign, b_size = b_sign, b_size, a_sign, a_size
  end
  local size = fold(a_size, b_size, a_sign == b_sign and 1 or -1)
  return size == '0' and '' or a_sign, size
end

-- The sum as text, or nothing and why. What is absent and what is null counts as the start value.
local function add(stored, addition)
  local amount, start, lowest, highest = string.match(addition, '^(%S+) (%S+) (%S+) (%S+)$')
  if not stored or stored == 'null' then
    stored = start
  end
  local digits = string.match(stored, '^%-?([1-9]%d*)$') or string.match(stored, '^%-?(0)$')
  if not digits or below('340282366920938463463374607431768211455', digits) then
    return nil, 'number'
  end
  local sign, size = plus(stored, amount)
  if below(sign == '' and highest or lowest, size) then
    return nil, 'overflow'
  end
  return sign .. size
end

-- What concerns the record as a whole is read with the fields that the commit names.
local names = { 'm' }
for i = 8, 7 + 4 * many, 4 do
  local name = ARGV[i + 1]
  names[#names + 1] = 'f' .. name
  names[#names + 1] = 'k' .. name
end
local rest = 8 + 4 * many
local consumed = 0
if string.find(flags, 'x', 1, true) then
  consumed = tonumber(ARGV[rest])
  for i = rest + 1, rest + consumed do
    names[#names + 1] = 'x' .. ARGV[i]
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

local stored_meta = values[1]
if not stored_meta then
  return redis.call('EXISTS', key) == 0 and 'gone' or 'corrupt'
end
local size, epoch, next_flash, idle, absolute, identity =
  string.match(stored_meta, '^1 (%d+) (%d+) (%d+) (%d+) (%d+) (.+)$')
if not size then
  return string.sub(stored_meta, 1, 2) == '0 ' and 'gone' or 'corrupt'
end
local at = ARGV[1]
if not (below(at, idle) and below(at, absolute)) then
  return 'gone'
end
if epoch ~= ARGV[2] then
  return 'superseded'
end

local weight, entries = tonumber(size), 0
local write, drop, sums = { 'm', '' }, {}, {}
local cleared
if string.find(flags, 'c', 1, true) then
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

for i = 0, many - 1 do
  local op, name, new, expected = ARGV[8 + 4 * i], ARGV[9 + 4 * i], ARGV[10 + 4 * i], ARGV[11 + 4 * i]
  local kept = values[3 + 2 * i]
  local stored = values[2 + 2 * i] or kept
  local class = string.sub(op, 2)
  op = string.byte(op)
  if op == 65 then -- A: add
    local sum, fault = add(stored, new)
    if not sum then
      return { fault, i }
    end
    new = sum
    sums[#sums + 1] = sum
  elseif op == 87 and (stored or '') ~= expected then -- W: swap
    return { 'conflict', i }
  end
  if new == '' then
    if stored then
      drop[#drop + 1] = (kept and 'k' or 'f') .. name
      weight, entries = weight - (#name + #stored + ENTRY), entries - 1
    end
  else
    local was = kept and 'k' or 'f'
    if class == '' then
      class = was
    end
    write[#write + 1] = class .. name
    write[#write + 1] = new
    if cleared then
      cleared[class .. name] = nil
    end
    if stored then
      weight = weight + #new - #stored
      if was ~= class then
        drop[#drop + 1] = was .. name
      end
    else
      weight, entries = weight + #name + #new + ENTRY, entries + 1
    end
  end
end
if cleared then
  for name in pairs(cleared) do
    drop[#drop + 1] = name
  end
end

if string.find(flags, 'x', 1, true) then
  local seen = {}
  for i = 1, consumed do
    local name, entry = names[1 + 2 * many + i], values[1 + 2 * many + i]
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
    write[#write + 1] = 'x' .. next_flash
    write[#write + 1] = ARGV[i]
    local _, after = plus(next_flash, '1')
    next_flash = after
    entries = entries + 1
  end
  rest = rest + 2 + put
end

if string.find(flags, 'p', 1, true) then
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
  identity = created .. ' ' .. authenticated .. ' ' .. verifier .. ' ' .. superseded .. ' ' .. ending .. ' ' .. owner .. ' ' .. id
end

if string.find(flags, 'e', 1, true) and redis.call('HLEN', key) - 1 + entries == 0
  and string.match(identity, '^%S+ %S+ %S+ %S+ %S+ (%S+)') == '-' then
  -- A removal comes first: after it maxmemory refuses nothing any more.
  redis.call('DEL', key)
  local _, forgotten = plus(at, '60000')
  redis.call('HSET', key, 'm', '0 ' .. forgotten)
  redis.call('PEXPIRE', key, 60000)
  return 'emptied'
end
if weight > tonumber(ARGV[3]) and weight > tonumber(size) then
  return 'large'
end

local lifetime
if ARGV[5] ~= '' then
  local raised = below(idle, ARGV[5]) and ARGV[5] or idle
  if below(absolute, raised) then
    raised = absolute
  end
  if raised ~= idle then
    idle = raised
    lifetime = string.format('%.0f', math.max(1, math.min(tonumber(idle) - tonumber(ARGV[4]), 3155760000000)))
  end
end
local meta = '1 ' .. weight .. ' ' .. epoch .. ' ' .. next_flash .. ' ' .. idle .. ' ' .. absolute .. ' ' .. identity
write[2] = meta

local function store()
  if meta == stored_meta and #write == 2 then
    return
  end
  for first = 1, #write, CHUNK do
    redis.call('HSET', key, unpack(write, first, math.min(first + CHUNK - 1, #write)))
  end
end

-- What may grow the record is written first, where maxmemory can still refuse it and with it the whole commit. A
-- touch and a removal are not to be refused: there it comes last.
local values_to_write = #write > 2
if values_to_write then
  store()
end
for first = 1, #drop, CHUNK do
  redis.call('HDEL', key, unpack(drop, first, math.min(first + CHUNK - 1, #drop)))
end
if lifetime then
  redis.call('PEXPIRE', key, lifetime)
end
if not values_to_write then
  store()
end

if #sums == 0 then
  return 'stored'
end
return { 'stored', sums }
