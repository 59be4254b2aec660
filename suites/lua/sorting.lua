local measure = dofile((arg[0]:match("^(.*/)") or "./") .. "rb.lua").measure

local function compare(a, b)
  if a.key ~= b.key then return a.key - b.key end
  return b.id - a.id
end

measure(function(size, seed)
  local x = seed % 2147483646 + 1
  local limit = math.floor(size / 4) + 1
  local records = {}
  for i = 0, size - 1 do
    x = x * 48271 % 2147483647
    records[i + 1] = { key = x % limit, id = i }
  end
  table.sort(records, function(a, b) return compare(a, b) < 0 end)
  local acc = 0
  for i = 1, size do
    local r = records[i]
    acc = (acc * 31 + r.key * 7 + r.id) % 1000000007
  end
  return acc
end)
