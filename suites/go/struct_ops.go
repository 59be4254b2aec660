package main

import "suites/go/rb"

const rounds = 20

type particle struct {
	x, y, vx, vy, hits int64
}

func (p *particle) move() {
	p.x += p.vx
	if p.x < 0 || p.x >= 1000 {
		p.vx = -p.vx
		p.x += p.vx
		p.hits++
	}
	p.y += p.vy
	if p.y < 0 || p.y >= 1000 {
		p.vy = -p.vy
		p.y += p.vy
		p.hits++
	}
}

func (p *particle) weight() int64 {
	return p.x*1000 + p.y + p.hits
}

func run(size, seed int64) any {
	x := seed%2147483646 + 1
	particles := make([]particle, size)
	for i := range particles {
		x = x * 48271 % 2147483647
		particles[i] = particle{x: x % 1000, y: x / 1000 % 1000, vx: x/7%41 - 20, vy: x/11%41 - 20}
	}
	acc := int64(0)
	for round := 0; round < rounds; round++ {
		for i := range particles {
			particles[i].move()
		}
		for i := range particles {
			acc = (acc*31 + particles[i].weight()) % 1000000007
		}
	}
	return acc
}

func main() {
	rb.Measure(run)
}
