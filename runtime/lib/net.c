/* TCP and UDP sockets (BUILTINS 31).
 *
 * Blocking calls wait in poll, so that they keep the time limits of BUILTINS 2.6 and survive
 * interruption; the descriptor of a socket set to non-blocking by the program is asked once. */
#include "lib/args.h"
#include "lib/builtins.h"
#include "value/dict.h"
#include "value/function.h"

#include "base/alloc.h"
#include "base/clock.h"
#include "base/error.h"
#include "base/utf8.h"

#include <errno.h>
#include <fcntl.h>
#include <netdb.h>
#include <netinet/in.h>
#include <poll.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

enum {
    CONNECT_LIMIT_MS = 10000,
    TRANSFER_LIMIT_MS = 30000,
    NO_LIMIT_MS = -1,
    LARGEST_RECEIVE = 64 << 20,
    BACKLOG = 128,
    LARGEST_DATAGRAM = 65535
};

typedef struct net_socket {
    int fd; /* -1: closed */
    bool is_nonblocking;
    char address[NI_MAXHOST + 8]; /* local of listeners and UDP sockets, the peer's of streams */
} net_socket;

/* ---- handles ---- */

static void free_socket(rf_isolate *isolate, rf_handle *handle)
{
    (void)isolate;
    net_socket *s = handle->data;
    if (s->fd >= 0) close(s->fd);
    rf_free(s);
}

static void inspect_listener(rf_isolate *isolate, rf_handle *handle, rf_buffer *out)
{
    (void)isolate;
    rf_buffer_format(out, "TcpListener(addr: %s)", ((net_socket *)handle->data)->address);
}

static void inspect_stream(rf_isolate *isolate, rf_handle *handle, rf_buffer *out)
{
    (void)isolate;
    rf_buffer_format(out, "TcpStream(peer: %s)", ((net_socket *)handle->data)->address);
}

static void inspect_udp(rf_isolate *isolate, rf_handle *handle, rf_buffer *out)
{
    (void)isolate;
    rf_buffer_format(out, "UdpSocket(addr: %s)", ((net_socket *)handle->data)->address);
}

static const rf_handle_type listener_type = {
    .type_name = "tcplistener", .free = free_socket, .inspect = inspect_listener};
static const rf_handle_type stream_type = {
    .type_name = "tcpstream", .free = free_socket, .inspect = inspect_stream};
static const rf_handle_type udp_type = {
    .type_name = "udpsocket", .free = free_socket, .inspect = inspect_udp};

/* "127.0.0.1:80", "[::1]:80" */
static void format_address(const struct sockaddr *address, socklen_t size, char *out,
                           size_t out_size)
{
    char host[NI_MAXHOST], port[NI_MAXSERV];
    if (getnameinfo(address, size, host, sizeof host, port, sizeof port,
                    NI_NUMERICHOST | NI_NUMERICSERV) != 0)
        snprintf(out, out_size, "unknown");
    else
        snprintf(out, out_size, address->sa_family == AF_INET6 ? "[%s]:%s" : "%s:%s", host, port);
}

/* getsockname, getpeername */
typedef int (*name_function)(int fd, struct sockaddr *address, socklen_t *size);

static rf_value new_socket(rf_isolate *isolate, const rf_handle_type *type, int fd,
                           name_function get_name)
{
    struct sockaddr_storage address;
    socklen_t size = sizeof address;
    net_socket *s = rf_new(net_socket);
    s->fd = fd;
    if (get_name(fd, (struct sockaddr *)&address, &size) == 0)
        format_address((struct sockaddr *)&address, size, s->address, sizeof s->address);
    return rf_handle_new(isolate, type, s);
}

static net_socket *socket_of(rf_value v, const rf_handle_type *type)
{
    return v.head == RF_HANDLE && v.as.handle->type == type ? v.as.handle->data : NULL;
}

/* args[0] as an open socket of that type; NULL after raising. */
static net_socket *want_open(rf_isolate *isolate, const char *name, const rf_value *args,
                             const rf_handle_type *type)
{
    net_socket *s = socket_of(args[0], type);
    if (!s)
        rf_args_wrong(isolate, name, 0, type->type_name, args[0]);
    else if (s->fd < 0)
        rf_raise(isolate, "%s: the socket is closed", name);
    return s && s->fd >= 0 ? s : NULL;
}

static rf_value raise_os(rf_isolate *isolate, const char *name, int failure)
{
    char text[256];
    return rf_raise(isolate, "%s: %s", name, rf_os_error_text(failure, text, sizeof text));
}

/* ---- waiting ---- */

/* Waits until fd is ready for events; 0, ETIMEDOUT or another errno value. */
static int wait_ready(int fd, short events, int limit_ms)
{
    const int64_t end_by_ns = rf_clock_monotonic_ns() + (int64_t)limit_ms * 1000000;
    for (;;) {
        int64_t left_ms = -1;
        if (limit_ms != NO_LIMIT_MS) {
            left_ms = (end_by_ns - rf_clock_monotonic_ns() + 999999) / 1000000;
            if (left_ms < 0) left_ms = 0;
        }
        struct pollfd wait = {.fd = fd, .events = events};
        const int ready = poll(&wait, 1, (int)left_ms);
        if (ready > 0) return 0;
        if (ready == 0) return ETIMEDOUT;
        if (errno != EINTR) return errno;
    }
}

static int wait_unless_nonblocking(const net_socket *s, short events, int limit_ms)
{
    return s->is_nonblocking ? 0 : wait_ready(s->fd, events, limit_ms);
}

/* ---- addresses ---- */

static bool want_port(rf_isolate *isolate, const char *name, const rf_value *args, uint32_t index,
                      int64_t *port)
{
    if (!rf_args_int(isolate, name, args, index, port)) return false;
    if (*port >= 0 && *port <= 65535) return true;
    rf_raise(isolate, "%s expects a port of 0 to 65535, got %lld", name, (long long)*port);
    return false;
}

/* The addresses of args[index] (host) and args[index + 1] (port), for freeaddrinfo; NULL after
 * raising. */
static struct addrinfo *look_up(rf_isolate *isolate, const char *name, const rf_value *args,
                                uint32_t index, int socket_type, int flags)
{
    int64_t port;
    if (!rf_args_string(isolate, name, args, index) ||
        !want_port(isolate, name, args, index + 1, &port))
        return NULL;
    const rf_string *host = args[index].as.string;
    if (!host->size || strlen(host->text) != host->size) {
        rf_raise(isolate, "%s: '%s' is no host", name, rf_args_shown(isolate, host));
        return NULL;
    }
    char port_text[8];
    snprintf(port_text, sizeof port_text, "%d", (int)port);
    const struct addrinfo hints = {.ai_socktype = socket_type, .ai_flags = flags | AI_NUMERICSERV};
    struct addrinfo *list = NULL;
    const int failure = getaddrinfo(host->text, port_text, &hints, &list);
    if (!failure) return list;
    if (failure == EAI_SYSTEM)
        raise_os(isolate, name, errno);
    else
        rf_raise(isolate, "%s: cannot find host '%s': %s", name, host->text, gai_strerror(failure));
    return NULL;
}

/* A non-blocking socket that use() succeeds on, for the first of the addresses possible; -1 with
 * *failure set. */
static int open_first(const struct addrinfo *list,
                      int (*use)(int fd, const struct addrinfo *address), int *failure)
{
    *failure = EADDRNOTAVAIL;
    for (const struct addrinfo *at = list; at; at = at->ai_next) {
        const int fd =
            socket(at->ai_family, at->ai_socktype | SOCK_CLOEXEC | SOCK_NONBLOCK, at->ai_protocol);
        if (fd < 0) {
            *failure = errno;
            continue;
        }
        *failure = use(fd, at);
        if (!*failure) return fd;
        close(fd);
    }
    return -1;
}

static int use_for_listening(int fd, const struct addrinfo *address)
{
    const int on = 1;
    setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
    if (bind(fd, address->ai_addr, address->ai_addrlen) != 0) return errno;
    return listen(fd, BACKLOG) == 0 ? 0 : errno;
}

static int use_for_connecting(int fd, const struct addrinfo *address)
{
    if (connect(fd, address->ai_addr, address->ai_addrlen) == 0) return 0;
    if (errno != EINPROGRESS && errno != EINTR) return errno;
    const int failure = wait_ready(fd, POLLOUT, CONNECT_LIMIT_MS);
    if (failure) return failure;
    int outcome = 0;
    socklen_t size = sizeof outcome;
    return getsockopt(fd, SOL_SOCKET, SO_ERROR, &outcome, &size) == 0 ? outcome : errno;
}

static int use_for_datagrams(int fd, const struct addrinfo *address)
{
    return bind(fd, address->ai_addr, address->ai_addrlen) == 0 ? 0 : errno;
}

/* Opens a socket for args[0], args[1]; raises "NAME: cannot VERB HOST:PORT: ...". */
static rf_value open_socket(rf_isolate *isolate, const char *name, const rf_value *args,
                            const rf_handle_type *type, const char *verb)
{
    const bool is_stream = type == &stream_type;
    struct addrinfo *list =
        look_up(isolate, name, args, 0, type == &udp_type ? SOCK_DGRAM : SOCK_STREAM,
                is_stream ? 0 : AI_PASSIVE);
    if (!list) return rf_raised();
    int failure;
    const int fd = open_first(list,
                              is_stream           ? use_for_connecting
                              : type == &udp_type ? use_for_datagrams
                                                  : use_for_listening,
                              &failure);
    freeaddrinfo(list);
    if (fd >= 0) return new_socket(isolate, type, fd, is_stream ? getpeername : getsockname);
    char text[256];
    return rf_raise(isolate, "%s: cannot %s %s:%lld: %s", name, verb, args[0].as.string->text,
                    (long long)args[1].as.i, rf_os_error_text(failure, text, sizeof text));
}

/* ---- TCP ---- */

rf_value rf_lib_tcp_listen(rf_isolate *isolate, rf_value *args, uint32_t arg_count)
{
    (void)arg_count;
    return open_socket(isolate, "tcp_listen", args, &listener_type, "listen on");
}

rf_value rf_lib_tcp_connect(rf_isolate *isolate, rf_value *args, uint32_t arg_count)
{
    (void)arg_count;
    return open_socket(isolate, "tcp_connect", args, &stream_type, "connect to");
}

rf_value rf_lib_tcp_accept(rf_isolate *isolate, rf_value *args, uint32_t arg_count)
{
    (void)arg_count;
    const net_socket *s = want_open(isolate, "tcp_accept", args, &listener_type);
    if (!s) return rf_raised();
    isolate->host->flush(isolate->host->context); /* it may take long until the next output */
    for (;;) {
        const int failure = wait_unless_nonblocking(s, POLLIN, NO_LIMIT_MS);
        if (failure) return raise_os(isolate, "tcp_accept", failure);
        const int fd = accept4(s->fd, NULL, NULL, SOCK_CLOEXEC | SOCK_NONBLOCK);
        if (fd >= 0) return new_socket(isolate, &stream_type, fd, getpeername);
        const bool has_gone = errno == ECONNABORTED || (!s->is_nonblocking && errno == EAGAIN);
        if (errno != EINTR && !has_gone) return raise_os(isolate, "tcp_accept", errno);
    }
}

/* The bytes of args[index]; false after raising. */
static bool want_data(rf_isolate *isolate, const char *name, const rf_value *args, uint32_t index,
                      const void **data, size_t *size)
{
    if (!rf_args_want(isolate, name, args, index, RF_KIND(RF_STRING) | RF_KIND(RF_BYTES),
                      "string or bytes"))
        return false;
    const bool is_text = args[index].head == RF_STRING;
    *data = is_text ? (const void *)args[index].as.string->text : args[index].as.bytes->data;
    *size = is_text ? args[index].as.string->size : args[index].as.bytes->size;
    return true;
}

rf_value rf_lib_tcp_send(rf_isolate *isolate, rf_value *args, uint32_t arg_count)
{
    (void)arg_count;
    const void *data;
    size_t size;
    const net_socket *s = want_open(isolate, "tcp_send", args, &stream_type);
    if (!s || !want_data(isolate, "tcp_send", args, 1, &data, &size)) return rf_raised();
    for (size_t at = 0; at < size;) {
        const ssize_t sent = send(s->fd, (const char *)data + at, size - at, MSG_NOSIGNAL);
        if (sent >= 0) {
            at += (size_t)sent;
            continue;
        }
        if (errno == EINTR) continue;
        if (errno != EAGAIN) return raise_os(isolate, "tcp_send", errno);
        const int failure =
            wait_ready(s->fd, POLLOUT, TRANSFER_LIMIT_MS); /* all of it, also when non-blocking */
        if (failure) return raise_os(isolate, "tcp_send", failure);
    }
    return rf_int((int64_t)size);
}

/* A string when the bytes are text, else bytes. */
static rf_value text_or_bytes(rf_isolate *isolate, const char *bytes, size_t size)
{
    return rf_utf8_valid(bytes, size, NULL) ? rf_string_new(isolate, bytes, size)
                                            : rf_bytes_new(isolate, bytes, size);
}

static bool want_size(rf_isolate *isolate, const char *name, const rf_value *args, int64_t *size)
{
    if (!rf_args_int(isolate, name, args, 1, size)) return false;
    if (*size > 0 && *size <= LARGEST_RECEIVE) return true;
    rf_raise(isolate, "%s expects a size of 1 to %d, got %lld", name, LARGEST_RECEIVE,
             (long long)*size);
    return false;
}

/* One recvfrom of at most size bytes into out; 0 or an errno value. */
static int receive(const net_socket *s, int64_t size, rf_buffer *out, struct sockaddr_storage *from,
                   socklen_t *from_size)
{
    rf_buffer_reserve(out, (size_t)size);
    for (;;) {
        const int failure = wait_unless_nonblocking(s, POLLIN, TRANSFER_LIMIT_MS);
        if (failure) return failure;
        const ssize_t got =
            recvfrom(s->fd, out->data, (size_t)size, 0, (struct sockaddr *)from, from_size);
        if (got >= 0) {
            out->size = (size_t)got;
            return 0;
        }
        if (errno != EINTR && (s->is_nonblocking || errno != EAGAIN)) return errno;
    }
}

rf_value rf_lib_tcp_receive(rf_isolate *isolate, rf_value *args, uint32_t arg_count)
{
    (void)arg_count;
    int64_t size;
    const net_socket *s = want_open(isolate, "tcp_receive", args, &stream_type);
    if (!s || !want_size(isolate, "tcp_receive", args, &size)) return rf_raised();
    isolate->host->flush(isolate->host->context);
    rf_buffer bytes = RF_BUFFER_INIT;
    const int failure = receive(s, size, &bytes, NULL, NULL);
    rf_value data = failure ? raise_os(isolate, "tcp_receive", failure)
                            : text_or_bytes(isolate, bytes.data, bytes.size);
    rf_buffer_release(&bytes);
    return data;
}

static rf_value close_socket(net_socket *s)
{
    if (s->fd >= 0) close(s->fd);
    s->fd = -1;
    return rf_bool(true);
}

/* args[0] as a stream or listener, NULL after raising. */
static net_socket *want_tcp(rf_isolate *isolate, const char *name, const rf_value *args)
{
    net_socket *s = socket_of(args[0], &stream_type);
    if (!s) s = socket_of(args[0], &listener_type);
    if (!s) rf_args_wrong(isolate, name, 0, "tcpstream or tcplistener", args[0]);
    return s;
}

rf_value rf_lib_tcp_close(rf_isolate *isolate, rf_value *args, uint32_t arg_count)
{
    (void)arg_count;
    net_socket *s = want_tcp(isolate, "tcp_close", args);
    return s ? close_socket(s) : rf_raised();
}

rf_value rf_lib_tcp_set_nonblocking(rf_isolate *isolate, rf_value *args, uint32_t arg_count)
{
    (void)arg_count;
    net_socket *s = want_tcp(isolate, "tcp_set_nonblocking", args);
    if (!s || !rf_args_want(isolate, "tcp_set_nonblocking", args, 1, RF_KIND(RF_BOOL), "bool"))
        return rf_raised();
    if (s->fd < 0) return rf_raise(isolate, "tcp_set_nonblocking: the socket is closed");
    s->is_nonblocking = args[1].as.i != 0;
    return rf_bool(true);
}

/* ---- UDP ---- */

rf_value rf_lib_udp_bind(rf_isolate *isolate, rf_value *args, uint32_t arg_count)
{
    (void)arg_count;
    return open_socket(isolate, "udp_bind", args, &udp_type, "bind to");
}

rf_value rf_lib_udp_send_to(rf_isolate *isolate, rf_value *args, uint32_t arg_count)
{
    (void)arg_count;
    const void *data;
    size_t size;
    const net_socket *s = want_open(isolate, "udp_send_to", args, &udp_type);
    if (!s || !want_data(isolate, "udp_send_to", args, 1, &data, &size)) return rf_raised();
    struct addrinfo *list = look_up(isolate, "udp_send_to", args, 2, SOCK_DGRAM, 0);
    if (!list) return rf_raised();
    int failure = EADDRNOTAVAIL;
    ssize_t sent = -1;
    for (const struct addrinfo *at = list; at && sent < 0; at = at->ai_next) {
        sent = sendto(s->fd, data, size, MSG_NOSIGNAL, at->ai_addr, at->ai_addrlen);
        if (sent < 0 && errno == EAGAIN && wait_ready(s->fd, POLLOUT, TRANSFER_LIMIT_MS) == 0)
            sent = sendto(s->fd, data, size, MSG_NOSIGNAL, at->ai_addr, at->ai_addrlen);
        if (sent < 0) failure = errno;
    }
    freeaddrinfo(list);
    return sent < 0 ? raise_os(isolate, "udp_send_to", failure) : rf_int(sent);
}

static void put(rf_isolate *isolate, rf_value dict, const char *name, rf_value v)
{
    rf_value key = rf_string_intern(isolate, name, strlen(name));
    rf_dict_set(isolate, dict.as.dict, rf_key_from_string(key.as.string), v);
}

rf_value rf_lib_udp_receive_from(rf_isolate *isolate, rf_value *args, uint32_t arg_count)
{
    (void)arg_count;
    int64_t size;
    struct sockaddr_storage from;
    socklen_t from_size = sizeof from;
    const net_socket *s = want_open(isolate, "udp_receive_from", args, &udp_type);
    if (!s || !want_size(isolate, "udp_receive_from", args, &size)) return rf_raised();
    isolate->host->flush(isolate->host->context);
    rf_buffer bytes = RF_BUFFER_INIT;
    const int failure =
        receive(s, size < LARGEST_DATAGRAM ? size : LARGEST_DATAGRAM, &bytes, &from, &from_size);
    rf_value result =
        failure ? raise_os(isolate, "udp_receive_from", failure) : rf_dict_new(isolate, 3);
    if (!failure) {
        char address[sizeof((net_socket *)0)->address];
        format_address((struct sockaddr *)&from, from_size, address, sizeof address);
        put(isolate, result, "data", text_or_bytes(isolate, bytes.data, bytes.size));
        put(isolate, result, "from", rf_string_from(isolate, address));
        put(isolate, result, "size", rf_int((int64_t)bytes.size));
    }
    rf_buffer_release(&bytes);
    return result;
}

rf_value rf_lib_udp_close(rf_isolate *isolate, rf_value *args, uint32_t arg_count)
{
    (void)arg_count;
    net_socket *s = socket_of(args[0], &udp_type);
    return s ? close_socket(s) : rf_args_wrong(isolate, "udp_close", 0, "udpsocket", args[0]);
}
