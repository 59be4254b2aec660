# LANGUAGE 14.3, 18.2, 21.3, 22: after the main task's end the others have the scheduler's timeout; the option wins
printf 'async func f() { await async_sleep(60000) }\nf()\nf()\nprint("done")\n' > t.ruff
for engine in interpreter vm jit; do $RUFF run --$engine --scheduler-timeout-ms 30 t.ruff; echo $?; done
RUFF_SCHEDULER_TIMEOUT_MS=20 $RUFF run t.ruff; RUFF_SCHEDULER_TIMEOUT_MS=20 $RUFF run --scheduler-timeout-ms 10 t.ruff; echo $?
printf 'c := channel()\nspawn { c.send(1) await async_sleep(60000) }\nprint(c.receive())\n' > w.ruff
$RUFF run --scheduler-timeout-ms 30 w.ruff; echo $?
