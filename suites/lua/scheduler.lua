local measure = dofile((arg[0]:match("^(.*/)") or "./") .. "rb.lua").measure

local PRODUCER, WORKER, ROUTER, DEVICE = 0, 1, 2, 3

local Task = {}
Task.__index = Task

local function make_task(kind, priority, peer)
  return setmetatable({
    kind = kind, priority = priority, peer = peer,
    inbox = {}, head = 1, count = 0, state = 0, handled = 0,
  }, Task)
end

function Task:ready()
  return self.head <= self.count
end

function Task:receive()
  local packet = self.inbox[self.head]
  self.head = self.head + 1
  if self.head > self.count then
    self.inbox = {}
    self.head = 1
    self.count = 0
  end
  self.handled = self.handled + 1
  return packet
end

local Scheduler = {}
Scheduler.__index = Scheduler

local function make_scheduler(seed)
  return setmetatable({
    x = seed % 2147483646 + 1, left = 0, sum = 0, switches = 0,
    tasks = {
      make_task(PRODUCER, 1, 2), make_task(ROUTER, 3, 3), make_task(WORKER, 2, 6), make_task(WORKER, 2, 7),
      make_task(WORKER, 4, 6), make_task(DEVICE, 5, 1), make_task(DEVICE, 6, 1),
    },
  }, Scheduler)
end

function Scheduler:send(to, packet)
  packet.hops = packet.hops + 1
  local task = self.tasks[to]
  task.count = task.count + 1
  task.inbox[task.count] = packet
end

function Scheduler:pick()
  local tasks, best = self.tasks, nil
  for i = 1, #tasks do
    local task = tasks[i]
    if task:ready() and (not best or task.priority > tasks[best].priority) then best = i end
  end
  return best
end

function Scheduler:step(index)
  local task = self.tasks[index]
  local packet = task:receive()
  if task.kind == PRODUCER then
    if self.left > 0 then
      self.left = self.left - 1
      self.x = self.x * 48271 % 2147483647
      self:send(task.peer, { value = self.x, hops = packet.hops })
      if self.x % 3 == 0 and self.left > 0 then
        self.left = self.left - 1
        self:send(task.peer, { value = math.floor(self.x / 3), hops = 0 })
      end
    end
  elseif task.kind == ROUTER then
    self:send(task.peer + packet.value % 3, packet)
  elseif task.kind == WORKER then
    task.state = (task.state * 31 + packet.value) % 65536
    packet.value = (packet.value + task.state) % 2147483647
    self:send(task.peer, packet)
  else
    self.sum = (self.sum * 31 + packet.value + packet.hops) % 1000000007
    task.state = task.state + 1
    self:send(task.peer, packet)
  end
end

function Scheduler:run(count)
  self.left = count
  self:send(1, { value = 0, hops = 0 })
  local index = self:pick()
  while index do
    self.switches = self.switches + 1
    self:step(index)
    index = self:pick()
  end
  local acc = self.sum
  for _, task in ipairs(self.tasks) do acc = (acc * 31 + task.handled * 7 + task.state) % 1000000007 end
  return (acc * 31 + self.switches) % 1000000007
end

measure(function(size, seed) return make_scheduler(seed):run(size) end)
