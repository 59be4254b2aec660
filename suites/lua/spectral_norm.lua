local measure = dofile((arg[0]:match("^(.*/)") or "./") .. "rb.lua").measure

local function element(i, j, shift)
  return 1.0 / ((i + j) * (i + j + 1) * 0.5 + i + 1 + shift)
end

local function times(v, shift)
  local n = #v
  local out = {}
  for i = 0, n - 1 do
    local total = 0.0
    for j = 0, n - 1 do total = total + element(i, j, shift) * v[j + 1] end
    out[i + 1] = total
  end
  return out
end

local function times_transposed(v, shift)
  local n = #v
  local out = {}
  for i = 0, n - 1 do
    local total = 0.0
    for j = 0, n - 1 do total = total + element(j, i, shift) * v[j + 1] end
    out[i + 1] = total
  end
  return out
end

measure(function(size, seed)
  local shift = seed % 1000
  local u = {}
  for i = 1, size do u[i] = 1.0 end
  local v = u
  for _ = 1, 10 do
    v = times_transposed(times(u, shift), shift)
    u = times_transposed(times(v, shift), shift)
  end
  local uv, vv = 0.0, 0.0
  for i = 1, size do
    uv = uv + u[i] * v[i]
    vv = vv + v[i] * v[i]
  end
  return string.format("%.9f", math.sqrt(uv / vv))
end)
