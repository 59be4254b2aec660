/* Set-up, body and tear-down of tests (LANGUAGE 20.2). */
#include "support/program.h"

static void phases_run_in_order_and_share_a_scope(void **state)
{
    program_tests(*state, "made := 0\n"
                          "test_setup { made := made + 1 x := \"set up ${made}\" }\n"
                          "test_teardown { print(\"down\", x) }\n"
                          "test \"first\" { print(x) x := \"changed\" own := 1 }\n"
                          "test \"second\" { print(x) try { print(own) } except e { print(e.message) } }\n"
                          "print(\"top level\", made)\n");
    program_expect(*state, "top level 0\nset up 1\ndown changed\nfirst: passed\n"
                           "set up 2\nUndefined variable: own\ndown set up 2\nsecond: passed\n");
}

static void groups_nest(void **state)
{
    program_tests(*state, "test_setup { print(\"outer up\") }\n"
                          "test_teardown { print(\"outer down\") }\n"
                          "test_group \"g\" {\n"
                          "    func helper() { return \"helped\" }\n"
                          "    base := 10\n"
                          "    test_setup { print(\"never: the last one counts\") }\n"
                          "    test_setup { print(\"inner up\", base) }\n"
                          "    test_teardown { print(\"inner down\", base) }\n"
                          "    test \"in group\" { print(helper()) base += 1 }\n"
                          "}\n"
                          "test \"outside\" { print(\"body\") }\n");
    program_expect(*state, "outer up\ninner up 10\nhelped\ninner down 11\nouter down\nin group: passed\n"
                           "outer up\nbody\nouter down\noutside: passed\n");
}

static void failures_are_told_apart(void **state)
{
    program_tests(*state, "flag := \"\"\n"
                          "test_setup { if flag == \"setup\" { throw \"no set-up\" } }\n"
                          "test_teardown { print(\"down\") throw \"ignored\" }\n"
                          "test \"body fails\" { flag := \"setup\" 1 / 0 }\n"
                          "test \"set-up fails\" { print(\"never\") }\n");
    program_expect(*state, "down\nbody fails: Division by zero\ndown\nset-up fails: [setup] no set-up\n");
}

static void return_ends_one_phase(void **state)
{
    program_tests(*state, "test_setup { print(\"up\") return print(\"returned\") }\n"
                          "test_teardown { print(\"down\") return }\n"
                          "test_group \"g\" {\n"
                          "    test_setup { print(\"inner up\") }\n"
                          "    test_teardown { throw \"ignored\" }\n"
                          "    test \"returns\" { print(\"body\") if true { return 5 } print(\"never\") }\n"
                          "    test \"unhandled\" { Err(\"why\")? }\n"
                          "}\n");
    program_expect(*state, "up\nreturned\ninner up\nbody\ndown\nreturns: passed\n"
                           "up\nreturned\ninner up\ndown\nunhandled: Unhandled Err: why\n");
}

static void module_variables_are_shared_by_tests(void **state)
{
    program_tests(*state, "struct Log { xs = [] func add(self, x) { self.xs.push(x) } }\n"
                          "log := Log {}\n"
                          "test \"a\" { log.add(1) local := Log {} local.add(7) print(local.xs) }\n"
                          "test \"b\" { log.add(2) print(log.xs) }\n");
    program_expect(*state, "[7]\na: passed\n[1, 2]\nb: passed\n");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(phases_run_in_order_and_share_a_scope, program_setup, program_teardown),
        cmocka_unit_test_setup_teardown(groups_nest, program_setup, program_teardown),
        cmocka_unit_test_setup_teardown(failures_are_told_apart, program_setup, program_teardown),
        cmocka_unit_test_setup_teardown(return_ends_one_phase, program_setup, program_teardown),
        cmocka_unit_test_setup_teardown(module_variables_are_shared_by_tests, program_setup, program_teardown),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
