local measure = dofile((arg[0]:match("^(.*/)") or "./") .. "rb.lua").measure

local function fill(n, x)
  local rows = {}
  for i = 1, n do
    local row = {}
    for j = 1, n do
      x = x * 48271 % 2147483647
      row[j] = x % 1000 / 1000
    end
    rows[i] = row
  end
  return rows, x
end

local function multiply(a, b, n)
  local c = {}
  for i = 1, n do
    local left = a[i]
    local row = {}
    for j = 1, n do
      local total = 0.0
      for k = 1, n do total = total + left[k] * b[k][j] end
      row[j] = total
    end
    c[i] = row
  end
  return c
end

measure(function(size, seed)
  local a, x = fill(size, seed % 2147483646 + 1)
  local b = fill(size, x)
  local c = multiply(a, b, size)
  local acc = 0.0
  for i = 0, size - 1 do
    for j = 0, size - 1 do acc = acc + c[i + 1][j + 1] * ((i * size + j) % 10 + 1) end
  end
  return string.format("%.6f", acc)
end)
