local measure = dofile((arg[0]:match("^(.*/)") or "./") .. "rb.lua").measure

local function tak(x, y, z)
  if y >= x then return z end
  return tak(tak(x - 1, y, z), tak(y - 1, z, x), tak(z - 1, x, y))
end

measure(function(size, seed)
  local shift = seed % 1000
  return tak(size + shift, math.floor(size * 2 / 3) + shift, math.floor(size / 3) + shift)
end)
