local measure = dofile((arg[0]:match("^(.*/)") or "./") .. "rb.lua").measure

local SYLLABLES = { "ba", "do", "ki", "lu", "me", "no", "pa", "ri", "so", "tu", "va", "ze", "an", "el", "or", "us" }
local floor = math.floor

local function make_text(size, seed)
  local x = seed % 2147483646 + 1
  local vocabulary = {}
  for i = 1, 1000 do
    local word = ""
    x = x * 48271 % 2147483647
    for _ = 1, x % 3 + 2 do
      x = x * 48271 % 2147483647
      word = word .. SYLLABLES[x % 16 + 1]
    end
    vocabulary[i] = word
  end
  local words = {}
  for i = 0, size - 1 do
    x = x * 48271 % 2147483647
    local word = vocabulary[floor(x % 1000 * (floor(x / 1000) % 1000) / 1000) + 1]
    if i % 7 == 0 then word = word:upper() end
    words[i + 1] = word
  end
  return table.concat(words, " ")
end

measure(function(size, seed)
  local counts = {}
  for word in make_text(size, seed):gmatch("%S+") do
    word = word:lower()
    counts[word] = (counts[word] or 0) + 1
  end
  local ranked = {}
  for word, count in pairs(counts) do ranked[#ranked + 1] = { word = word, count = count } end
  table.sort(ranked, function(a, b)
    if a.count ~= b.count then return a.count > b.count end
    return a.word < b.word
  end)
  local acc = #ranked
  for _, entry in ipairs(ranked) do acc = (acc * 31 + entry.count * 10 + #entry.word) % 1000000007 end
  return acc
end)
