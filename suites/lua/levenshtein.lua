local measure = dofile((arg[0]:match("^(.*/)") or "./") .. "rb.lua").measure

local LETTERS = "abcdefgh"

local function make_word(size, x)
  local letters = {}
  for i = 1, size do
    x = x * 48271 % 2147483647
    letters[i] = LETTERS:sub(x % 8 + 1, x % 8 + 1)
  end
  return table.concat(letters), x
end

local function distance(a, b)
  local row = {}
  for j = 0, #b do row[j] = j end
  for i = 1, #a do
    local letter = a:byte(i)
    local diagonal = row[0]
    row[0] = i
    for j = 1, #b do
      local cost = diagonal
      if letter ~= b:byte(j) then cost = cost + 1 end
      diagonal = row[j]
      local best = diagonal + 1
      if row[j - 1] + 1 < best then best = row[j - 1] + 1 end
      if cost < best then best = cost end
      row[j] = best
    end
  end
  local acc = 0
  for j = 0, #b do acc = (acc * 31 + row[j]) % 1000000007 end
  return acc
end

measure(function(size, seed)
  local a, x = make_word(size, seed % 2147483646 + 1)
  local b = make_word(size, x)
  return distance(a, b)
end)
