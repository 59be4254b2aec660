local measure = dofile((arg[0]:match("^(.*/)") or "./") .. "rb.lua").measure

local CAPACITY = 200
local NAMES = 1024
local floor = math.floor

local function filled(count, value)
  local out = {}
  for i = 0, count - 1 do out[i] = value end
  return out
end

-- Slots 1..CAPACITY in a ring through slot 0; after[0] is the newest, before[0] the oldest.
local Cache = {}
Cache.__index = Cache

function Cache.new()
  return setmetatable({
    slots = {},
    keys = filled(CAPACITY + 1, ""),
    values = filled(CAPACITY + 1, 0),
    before = filled(CAPACITY + 1, 0),
    after = filled(CAPACITY + 1, 0),
    used = 0,
  }, Cache)
end

function Cache:unlink(slot)
  self.after[self.before[slot]] = self.after[slot]
  self.before[self.after[slot]] = self.before[slot]
end

function Cache:put_first(slot)
  local first = self.after[0]
  self.before[slot] = 0
  self.after[slot] = first
  self.before[first] = slot
  self.after[0] = slot
end

function Cache:get(key)
  local slot = self.slots[key]
  if not slot then return -1 end
  self:unlink(slot)
  self:put_first(slot)
  return self.values[slot]
end

function Cache:put(key, value)
  local slot = self.slots[key]
  if slot then
    self:unlink(slot)
  elseif self.used < CAPACITY then
    self.used = self.used + 1
    slot = self.used
  else
    slot = self.before[0]
    self:unlink(slot)
    self.slots[self.keys[slot]] = nil
  end
  self.slots[key] = slot
  self.keys[slot] = key
  self.values[slot] = value
  self:put_first(slot)
end

measure(function(size, seed)
  local x = seed % 2147483646 + 1
  local names = {}
  for i = 0, NAMES - 1 do names[i] = "item" .. i end
  local cache = Cache.new()
  local hits, acc = 0, 0
  for _ = 1, size do
    x = x * 48271 % 2147483647
    local key = names[floor(x % NAMES * (floor(x / NAMES) % NAMES) / NAMES)]
    local value = cache:get(key)
    if value < 0 then
      cache:put(key, x)
    else
      hits = hits + 1
      acc = (acc * 31 + value) % 1000000007
    end
  end
  local slot = cache.after[0]
  while slot ~= 0 do
    acc = (acc * 31 + cache.values[slot]) % 1000000007
    slot = cache.after[slot]
  end
  return (acc * 31 + hits) % 1000000007
end)
