local measure = dofile((arg[0]:match("^(.*/)") or "./") .. "rb.lua").measure

local function escape(cr, ci)
  local zr, zi = 0.0, 0.0
  local count = 0
  while count < 50 and zr * zr + zi * zi <= 4.0 do
    zr, zi = zr * zr - zi * zi + cr, 2.0 * zr * zi + ci
    count = count + 1
  end
  return count
end

measure(function(size, seed)
  local shift = seed % 1000 / 1000000
  local acc = 0
  for y = 0, size - 1 do
    local ci = 2.0 * y / size - 1.0
    for x = 0, size - 1 do
      local cr = 2.0 * x / size - 1.5 + shift
      acc = (acc * 31 + escape(cr, ci)) % 1000000007
    end
  end
  return acc
end)
