local measure = dofile((arg[0]:match("^(.*/)") or "./") .. "rb.lua").measure

measure(function(size, seed)
  local x = seed % 2147483646 + 1
  local pieces = {} -- the buffer idiom: `text = text .. piece` copies the whole text each time
  for i = 0, size - 1 do
    x = x * 48271 % 2147483647
    pieces[#pieces + 1] = x % 10000
    if i % 10 == 9 then pieces[#pieces + 1] = "," end
  end
  local text = table.concat(pieces)
  local acc = #text
  for part in text:gmatch("[^,]+") do
    acc = (acc * 31 + tonumber(part:sub(1, 9)) + #part) % 1000000007
  end
  return acc
end)
