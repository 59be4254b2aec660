local measure = dofile((arg[0]:match("^(.*/)") or "./") .. "rb.lua").measure

local CITIES = { "Oslo", "Lima", "Kyoto", "Cairo", "Paris", "Quito", "Delhi", "Accra" }
local TAGS = { "new", "gold", "test", "web", "shop" }
local floor = math.floor

local function make_records(size, seed)
  local x = seed % 2147483646 + 1
  local records = {}
  for i = 0, size - 1 do
    x = x * 48271 % 2147483647
    records[i + 1] = {
      id = i,
      name = "user" .. x % 5000,
      age = x % 80 + 10,
      address = { city = CITIES[floor(x / 80) % 8 + 1], zip = floor(x / 640) % 90000 + 10000 },
      tags = { TAGS[x % 5 + 1], TAGS[floor(x / 5) % 5 + 1] },
      score = 0,
    }
  end
  return records
end

local function contains(words, wanted)
  for _, word in ipairs(words) do
    if word == wanted then return true end
  end
  return false
end

measure(function(size, seed)
  local records = make_records(size, seed)
  for _, record in ipairs(records) do
    if contains(record.tags, "gold") then record.score = record.score + record.age * 3 end
    local address = record.address
    if address.city == "Oslo" then address.zip = address.zip + 7 end
    record.score = record.score + address.zip % 10
  end
  local groups, cities = {}, {}
  for _, record in ipairs(records) do
    if record.age >= 30 then
      local city = record.address.city
      local group = groups[city]
      if group then
        group.count = group.count + 1
        group.score = group.score + record.score
        if record.age > group.oldest then group.oldest = record.age end
      else
        groups[city] = { count = 1, score = record.score, oldest = record.age }
        cities[#cities + 1] = city
      end
    end
  end
  table.sort(cities)
  local acc = 0
  for _, city in ipairs(cities) do
    local group = groups[city]
    acc = (acc * 31 + group.count * 1000 + group.score + group.oldest + #city) % 1000000007
  end
  for _, record in ipairs(records) do
    acc = (acc * 31 + record.id + record.score + #record.name) % 1000000007
  end
  return acc
end)
