package main

import "suites/go/rb"

type kind int

const (
	producer kind = iota
	worker
	router
	device
)

type packet struct {
	value, hops int64
}

type task struct {
	kind           kind
	priority       int
	peer           int64
	inbox          []*packet
	head           int
	state, handled int64
}

func (t *task) ready() bool {
	return t.head < len(t.inbox)
}

func (t *task) receive() *packet {
	p := t.inbox[t.head]
	t.head++
	if t.head == len(t.inbox) {
		t.inbox = t.inbox[:0]
		t.head = 0
	}
	t.handled++
	return p
}

type scheduler struct {
	x, left, sum, switches int64
	tasks                  []*task
}

func newScheduler(seed int64) *scheduler {
	return &scheduler{
		x: seed%2147483646 + 1,
		tasks: []*task{
			{kind: producer, priority: 1, peer: 1},
			{kind: router, priority: 3, peer: 2},
			{kind: worker, priority: 2, peer: 5},
			{kind: worker, priority: 2, peer: 6},
			{kind: worker, priority: 4, peer: 5},
			{kind: device, priority: 5, peer: 0},
			{kind: device, priority: 6, peer: 0},
		},
	}
}

func (s *scheduler) send(to int64, p *packet) {
	p.hops++
	s.tasks[to].inbox = append(s.tasks[to].inbox, p)
}

func (s *scheduler) pick() int {
	best := -1
	for i, t := range s.tasks {
		if t.ready() && (best < 0 || t.priority > s.tasks[best].priority) {
			best = i
		}
	}
	return best
}

func (s *scheduler) step(index int) {
	t := s.tasks[index]
	p := t.receive()
	switch t.kind {
	case producer:
		if s.left > 0 {
			s.left--
			s.x = s.x * 48271 % 2147483647
			s.send(t.peer, &packet{s.x, p.hops})
			if s.x%3 == 0 && s.left > 0 {
				s.left--
				s.send(t.peer, &packet{s.x / 3, 0})
			}
		}
	case router:
		s.send(t.peer+p.value%3, p)
	case worker:
		t.state = (t.state*31 + p.value) % 65536
		p.value = (p.value + t.state) % 2147483647
		s.send(t.peer, p)
	default:
		s.sum = (s.sum*31 + p.value + p.hops) % 1000000007
		t.state++
		s.send(t.peer, p)
	}
}

func (s *scheduler) run(count int64) int64 {
	s.left = count
	s.send(0, &packet{})
	for index := s.pick(); index >= 0; index = s.pick() {
		s.switches++
		s.step(index)
	}
	acc := s.sum
	for _, t := range s.tasks {
		acc = (acc*31 + t.handled*7 + t.state) % 1000000007
	}
	return (acc*31 + s.switches) % 1000000007
}

func main() {
	rb.Measure(func(size, seed int64) any { return newScheduler(seed).run(size) })
}
