package main

import (
	"fmt"
	"math"

	"suites/go/rb"
)

const (
	pi        = 3.141592653589793
	solarMass = 4 * pi * pi
	year      = 365.24
)

type body struct {
	x, y, z, vx, vy, vz, mass float64
}

func newBody(x, y, z, vx, vy, vz, mass float64) body {
	sun := float64(solarMass)
	return body{x, y, z, vx * year, vy * year, vz * year, mass * sun}
}

func makeBodies(seed int64) []body {
	push := float64(seed%1000) / 1000000000
	return []body{
		newBody(0, 0, 0, 0, 0, 0, 1),
		newBody(4.84143144246472090, -1.16032004402742839, -0.103622044471123109,
			0.00166007664274403694+push, 0.00769901118419740425, -0.0000690460016972063023, 0.000954791938424326609),
		newBody(8.34336671824457987, 4.12479856412430479, -0.403523417114321381,
			-0.00276742510726411169, 0.00499852801234917238, 0.0000230417297573763929, 0.000285885980666130812),
		newBody(12.8943695621391310, -15.1111514016986312, -0.223307578892655734,
			0.00296460137564761618, 0.00237847173959480950, -0.0000296589568540237556, 0.0000436624404335156298),
		newBody(15.3796971148509165, -25.9193146099879641, 0.179258772950371181,
			0.00268067772490389322, 0.00162824170038242295, -0.0000951592254519715870, 0.0000515138902046611451),
	}
}

func offsetMomentum(bodies []body) {
	var px, py, pz float64
	for i := range bodies {
		b := &bodies[i]
		px += b.vx * b.mass
		py += b.vy * b.mass
		pz += b.vz * b.mass
	}
	mass := bodies[0].mass
	bodies[0].vx, bodies[0].vy, bodies[0].vz = -px/mass, -py/mass, -pz/mass
}

func advance(bodies []body, dt float64) {
	for i := range bodies {
		a := &bodies[i]
		for j := i + 1; j < len(bodies); j++ {
			b := &bodies[j]
			dx := a.x - b.x
			dy := a.y - b.y
			dz := a.z - b.z
			square := dx*dx + dy*dy + dz*dz
			mag := dt / (square * math.Sqrt(square))
			a.vx -= dx * b.mass * mag
			a.vy -= dy * b.mass * mag
			a.vz -= dz * b.mass * mag
			b.vx += dx * a.mass * mag
			b.vy += dy * a.mass * mag
			b.vz += dz * a.mass * mag
		}
	}
	for i := range bodies {
		b := &bodies[i]
		b.x += dt * b.vx
		b.y += dt * b.vy
		b.z += dt * b.vz
	}
}

func energy(bodies []body) float64 {
	total := 0.0
	for i := range bodies {
		a := &bodies[i]
		total += 0.5 * a.mass * (a.vx*a.vx + a.vy*a.vy + a.vz*a.vz)
		for j := i + 1; j < len(bodies); j++ {
			b := &bodies[j]
			dx := a.x - b.x
			dy := a.y - b.y
			dz := a.z - b.z
			total -= a.mass * b.mass / math.Sqrt(dx*dx+dy*dy+dz*dz)
		}
	}
	return total
}

func run(size, seed int64) any {
	bodies := makeBodies(seed)
	offsetMomentum(bodies)
	for i := int64(0); i < size; i++ {
		advance(bodies, 0.01)
	}
	return fmt.Sprintf("%.12f", energy(bodies))
}

func main() {
	rb.Measure(run)
}
