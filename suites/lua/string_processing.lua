local measure = dofile((arg[0]:match("^(.*/)") or "./") .. "rb.lua").measure

local NAMES = { "alpha_one", "beta_two", "gamma_three", "delta_four", "omega_five" }
local floor = math.floor

local function make_lines(size, seed)
  local x = seed % 2147483646 + 1
  local lines = {}
  for i = 1, size do
    x = x * 48271 % 2147483647
    lines[i] = string.format("  %s = %d ; note %d  ", NAMES[x % 5 + 1], floor(x / 5) % 100000, x % 97)
  end
  return lines
end

-- Lua's library has no trim and no split; the patterns are what its programs use.
local function trim(text)
  return text:match("^%s*(.-)%s*$")
end

measure(function(size, seed)
  local out, total = {}, 0
  for i, line in ipairs(make_lines(size, seed)) do
    line = trim(line)
    local at, last = line:find(" = ", 1, true)
    local name = line:sub(1, at - 1):upper():gsub("_", "-")
    local rest = line:sub(last + 1)
    local stop = rest:find(" ;", 1, true)
    local number = tonumber(rest:sub(1, stop - 1))
    local note = trim(rest:sub(stop + 2))
    if note:sub(-1) == "7" or name:sub(1, 5) == "OMEGA" then note = note:reverse() end
    total = total + number
    out[i] = string.format("%s:%08d:%s", name, number, note)
  end
  local text = table.concat(out, "\n")
  local acc = (total * 31 + #text) % 1000000007
  for line in text:gmatch("[^\n]+") do
    acc = (acc * 31 + (line:find("7", 1, true) or 0) - 1 + #line) % 1000000007
  end
  return acc
end)
