local measure = dofile((arg[0]:match("^(.*/)") or "./") .. "rb.lua").measure

local ROUNDS = 20
local floor = math.floor

local Particle = {}
Particle.__index = Particle

function Particle.new(x, y, vx, vy)
  return setmetatable({ x = x, y = y, vx = vx, vy = vy, hits = 0 }, Particle)
end

function Particle:move()
  self.x = self.x + self.vx
  if self.x < 0 or self.x >= 1000 then
    self.vx = -self.vx
    self.x = self.x + self.vx
    self.hits = self.hits + 1
  end
  self.y = self.y + self.vy
  if self.y < 0 or self.y >= 1000 then
    self.vy = -self.vy
    self.y = self.y + self.vy
    self.hits = self.hits + 1
  end
end

function Particle:weight()
  return self.x * 1000 + self.y + self.hits
end

measure(function(size, seed)
  local x = seed % 2147483646 + 1
  local particles = {}
  for i = 1, size do
    x = x * 48271 % 2147483647
    particles[i] = Particle.new(x % 1000, floor(x / 1000) % 1000, floor(x / 7) % 41 - 20, floor(x / 11) % 41 - 20)
  end
  local acc = 0
  for _ = 1, ROUNDS do
    for i = 1, size do particles[i]:move() end
    for i = 1, size do acc = (acc * 31 + particles[i]:weight()) % 1000000007 end
  end
  return acc
end)
