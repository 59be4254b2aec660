#include "rb.h"

#include <math.h>

#define PI 3.141592653589793
#define SOLAR_MASS (4 * PI * PI)
#define YEAR 365.24

enum { BODIES = 5 };

typedef struct body {
    double x, y, z, vx, vy, vz, mass;
} body;

static body new_body(double x, double y, double z, double vx, double vy, double vz, double mass)
{
    return (body){x, y, z, vx * YEAR, vy * YEAR, vz * YEAR, mass * SOLAR_MASS};
}

static void make_bodies(int64_t seed, body bodies[BODIES])
{
    double push = (double)(seed % 1000) / 1000000000;
    bodies[0] = new_body(0, 0, 0, 0, 0, 0, 1);
    bodies[1] = new_body(4.84143144246472090, -1.16032004402742839, -0.103622044471123109,
                         0.00166007664274403694 + push, 0.00769901118419740425,
                         -0.0000690460016972063023, 0.000954791938424326609);
    bodies[2] = new_body(8.34336671824457987, 4.12479856412430479, -0.403523417114321381,
                         -0.00276742510726411169, 0.00499852801234917238, 0.0000230417297573763929,
                         0.000285885980666130812);
    bodies[3] = new_body(12.8943695621391310, -15.1111514016986312, -0.223307578892655734,
                         0.00296460137564761618, 0.00237847173959480950, -0.0000296589568540237556,
                         0.0000436624404335156298);
    bodies[4] = new_body(15.3796971148509165, -25.9193146099879641, 0.179258772950371181,
                         0.00268067772490389322, 0.00162824170038242295, -0.0000951592254519715870,
                         0.0000515138902046611451);
}

static void offset_momentum(body bodies[BODIES])
{
    double px = 0, py = 0, pz = 0;
    for (int i = 0; i < BODIES; i++) {
        px += bodies[i].vx * bodies[i].mass;
        py += bodies[i].vy * bodies[i].mass;
        pz += bodies[i].vz * bodies[i].mass;
    }
    bodies[0].vx = -px / SOLAR_MASS;
    bodies[0].vy = -py / SOLAR_MASS;
    bodies[0].vz = -pz / SOLAR_MASS;
}

static void advance(body bodies[BODIES], double dt)
{
    for (int i = 0; i < BODIES; i++) {
        body *a = &bodies[i];
        for (int j = i + 1; j < BODIES; j++) {
            body *b = &bodies[j];
            double dx = a->x - b->x, dy = a->y - b->y, dz = a->z - b->z;
            double square = dx * dx + dy * dy + dz * dz;
            double mag = dt / (square * sqrt(square));
            a->vx -= dx * b->mass * mag;
            a->vy -= dy * b->mass * mag;
            a->vz -= dz * b->mass * mag;
            b->vx += dx * a->mass * mag;
            b->vy += dy * a->mass * mag;
            b->vz += dz * a->mass * mag;
        }
    }
    for (int i = 0; i < BODIES; i++) {
        bodies[i].x += dt * bodies[i].vx;
        bodies[i].y += dt * bodies[i].vy;
        bodies[i].z += dt * bodies[i].vz;
    }
}

static double energy(const body bodies[BODIES])
{
    double total = 0;
    for (int i = 0; i < BODIES; i++) {
        const body *a = &bodies[i];
        total += 0.5 * a->mass * (a->vx * a->vx + a->vy * a->vy + a->vz * a->vz);
        for (int j = i + 1; j < BODIES; j++) {
            const body *b = &bodies[j];
            double dx = a->x - b->x, dy = a->y - b->y, dz = a->z - b->z;
            total -= a->mass * b->mass / sqrt(dx * dx + dy * dy + dz * dz);
        }
    }
    return total;
}

static void run(int64_t size, int64_t seed, char digest[RB_DIGEST_SIZE])
{
    body bodies[BODIES];
    make_bodies(seed, bodies);
    offset_momentum(bodies);
    for (int64_t i = 0; i < size; i++) advance(bodies, 0.01);
    snprintf(digest, RB_DIGEST_SIZE, "%.12f", energy(bodies));
}

int main(int argc, char **argv)
{
    return rb_measure(argc, argv, run);
}
