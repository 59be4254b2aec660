/* Sockets on the loopback interface: BUILTINS 31. */
#include "host_test.h"

#include "lib/inspect.h"
#include "value/function.h"

#include <stdlib.h>

static int port_of(host_test *t,
                   rf_value socket) /* from the inspect form: "...(addr: 127.0.0.1:PORT)" */
{
    char *text = lib_text(t->lib, rf_copy(socket));
    const int port = atoi(strrchr(text, ':') + 1);
    rf_free(text);
    assert_true(port > 0);
    return port;
}

static void send_text(host_test *t, rf_value stream, const char *text)
{
    char want[40];
    snprintf(want, sizeof want, "Int(%zu)", strlen(text));
    host_expect_value(t, HOST_VALUES(t, "tcp_send", rf_copy(stream), host_string(t, text)), want);
}

static void receive(host_test *t, rf_value stream, int size, const char *want)
{
    host_expect_value(t, HOST_VALUES(t, "tcp_receive", rf_copy(stream), rf_int(size)), want);
}

static void close_socket(host_test *t, const char *name, rf_value socket)
{
    host_expect_value(t, HOST_VALUES(t, name, socket), "Bool(true)");
}

static void a_conversation_over_tcp(void **state)
{
    host_test *t = *state;
    rf_value listener = HOST_VALUES(t, "tcp_listen", host_string(t, "127.0.0.1"), rf_int(0));
    rf_value client =
        HOST_VALUES(t, "tcp_connect", host_string(t, "localhost"), rf_int(port_of(t, listener)));
    if (rf_is_raised(client)) fail_msg("%s", lib_text(t->lib, client));
    assert_string_equal(rf_type_name(client), "tcpstream");
    rf_value server = HOST_VALUES(t, "tcp_accept", rf_copy(listener));
    send_text(t, client, "h\xC3\xA9llo");
    receive(t, server, 100, "String(\"h\xC3\xA9llo\")");
    host_expect_value(
        t, HOST_VALUES(t, "tcp_send", rf_copy(server), host_bytes(t, "\xFF\0\x01", 3)), "Int(3)");
    receive(t, client, 2, "Bytes(2 bytes)");
    receive(t, client, 2, "String(\"\x01\")");
    host_expect_value(t, HOST_VALUES(t, "tcp_set_nonblocking", rf_copy(client), rf_bool(true)),
                      "Bool(true)");
    receive(t, client, 2, "!tcp_receive: Resource temporarily unavailable (os error 11)");
    host_expect_value(t, HOST_VALUES(t, "tcp_set_nonblocking", rf_copy(client), rf_bool(false)),
                      "Bool(true)");
    close_socket(t, "tcp_close", rf_copy(server));
    receive(t, client, 2, "String(\"\")"); /* the end of the stream */
    receive(t, server, 2, "!tcp_receive: the socket is closed");
    host_expect_value(t, HOST_VALUES(t, "tcp_send", server, host_string(t, "x")),
                      "!tcp_send: the socket is closed");
    close_socket(t, "tcp_close", rf_copy(client));
    close_socket(t, "tcp_close", client);
    close_socket(t, "tcp_close", listener);
}

static void large_data_is_sent_whole(void **state)
{
    host_test *t = *state;
    rf_value listener = HOST_VALUES(t, "tcp_listen", host_string(t, "127.0.0.1"), rf_int(0));
    rf_value client =
        HOST_VALUES(t, "tcp_connect", host_string(t, "127.0.0.1"), rf_int(port_of(t, listener)));
    rf_value server = HOST_VALUES(t, "tcp_accept", listener);
    size_t got = 0;
    for (int i = 0; i < 5; i++) { /* less than the two buffers hold at once */
        rf_value data = rf_bytes_new(t->lib->isolate, NULL, 20000);
        host_expect_value(t, HOST_VALUES(t, "tcp_send", rf_copy(client), data), "Int(20000)");
    }
    close_socket(t, "tcp_close", client);
    for (;;) {
        rf_value part = HOST_VALUES(t, "tcp_receive", rf_copy(server), rf_int(7000));
        const size_t size = part.as.string->size; /* zeros are text */
        rf_release(t->lib->isolate, part);
        if (!size) break;
        got += size;
    }
    assert_int_equal(got, 100000);
    close_socket(t, "tcp_close", server);
}

static void a_peer_that_went_away_raises_and_kills_nobody(void **state)
{
    host_test *t = *state;
    rf_value listener = HOST_VALUES(t, "tcp_listen", host_string(t, "127.0.0.1"), rf_int(0));
    rf_value client =
        HOST_VALUES(t, "tcp_connect", host_string(t, "127.0.0.1"), rf_int(port_of(t, listener)));
    rf_value server = HOST_VALUES(t, "tcp_accept", listener);
    close_socket(t, "tcp_close", server);
    rf_value sent = rf_null();
    for (int i = 0; i < 1000 && !rf_is_raised(sent); i++)
        sent = HOST_VALUES(t, "tcp_send", rf_copy(client), host_string(t, "x"));
    assert_true(rf_is_raised(sent));
    char *text = lib_text(t->lib, sent);
    assert_non_null(strstr(text, "!tcp_send: "));
    rf_free(text);
    rf_release(t->lib->isolate, client); /* closed by its release */
}

static void a_listener_that_does_not_block_raises_when_nobody_waits(void **state)
{
    host_test *t = *state;
    rf_value listener = HOST_VALUES(t, "tcp_listen", host_string(t, "127.0.0.1"), rf_int(0));
    host_expect_value(t, HOST_VALUES(t, "tcp_set_nonblocking", rf_copy(listener), rf_bool(true)),
                      "Bool(true)");
    host_expect_value(t, HOST_VALUES(t, "tcp_accept", rf_copy(listener)),
                      "!tcp_accept: Resource temporarily unavailable (os error 11)");
    char want[120];
    const int port = port_of(t, listener);
    snprintf(want, sizeof want,
             "!tcp_listen: cannot listen on 127.0.0.1:%d: Address already in use (os error 98)",
             port);
    host_expect_value(t, HOST_VALUES(t, "tcp_listen", host_string(t, "127.0.0.1"), rf_int(port)),
                      want);
    close_socket(t, "tcp_close", listener);
    snprintf(want, sizeof want,
             "!tcp_connect: cannot connect to 127.0.0.1:%d: Connection refused (os error 111)",
             port);
    host_expect_value(t, HOST_VALUES(t, "tcp_connect", host_string(t, "127.0.0.1"), rf_int(port)),
                      want);
}

static void datagrams_tell_where_they_come_from(void **state)
{
    host_test *t = *state;
    rf_isolate *isolate = t->lib->isolate;
    rf_value a = HOST_VALUES(t, "udp_bind", host_string(t, "127.0.0.1"), rf_int(0));
    rf_value b = HOST_VALUES(t, "udp_bind", host_string(t, "127.0.0.1"), rf_int(0));
    host_expect_value(t,
                      HOST_VALUES(t, "udp_send_to", rf_copy(a), host_string(t, "ping"),
                                  host_string(t, "127.0.0.1"), rf_int(port_of(t, b))),
                      "Int(4)");
    char want[120];
    snprintf(want, sizeof want,
             "Dict{data: String(\"ping\"), from: String(\"127.0.0.1:%d\"), size: Int(4)}",
             port_of(t, a));
    host_expect_value(t, HOST_VALUES(t, "udp_receive_from", rf_copy(b), rf_int(100)), want);
    close_socket(t, "udp_close", rf_copy(b));
    host_expect_value(t, HOST_VALUES(t, "udp_receive_from", b, rf_int(1)),
                      "!udp_receive_from: the socket is closed");
    rf_release(isolate, a);
}

static void bad_arguments_are_named(void **state)
{
    host_test *t = *state;
    static const lib_case cases[] = {
        {"tcp_listen", "[\"127.0.0.1\", 65536]",
         "!tcp_listen expects a port of 0 to 65535, got 65536"},
        {"tcp_connect", "[\"127.0.0.1\", -1]", "!tcp_connect expects a port of 0 to 65535, got -1"},
        {"udp_bind", "[\"127.0.0.1\", \"80\"]", "!udp_bind expects int as argument 2, got string"},
        {"tcp_connect", "[\"\", 80]", "!tcp_connect: '' is no host"},
        {"tcp_receive", "[5, 1]", "!tcp_receive expects tcpstream as argument 1, got int"},
        {"tcp_close", "[5]", "!tcp_close expects tcpstream or tcplistener as argument 1, got int"},
        {"udp_close", "[5]", "!udp_close expects udpsocket as argument 1, got int"},
    };
    LIB_CHECK(t->lib, cases);
    rf_value u = HOST_VALUES(t, "udp_bind", host_string(t, "127.0.0.1"), rf_int(0));
    host_expect_value(t, HOST_VALUES(t, "udp_receive_from", rf_copy(u), rf_int(0)),
                      "!udp_receive_from expects a size of 1 to 67108864, got 0");
    host_expect_value(t, HOST_VALUES(t, "tcp_send", u, rf_int(0)),
                      "!tcp_send expects tcpstream as argument 1, got udpsocket");
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, host_test_setup, host_test_teardown)
    const struct CMUnitTest tests[] = {
        TEST(a_conversation_over_tcp),
        TEST(large_data_is_sent_whole),
        TEST(a_peer_that_went_away_raises_and_kills_nobody),
        TEST(a_listener_that_does_not_block_raises_when_nobody_waits),
        TEST(datagrams_tell_where_they_come_from),
        TEST(bad_arguments_are_named),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
