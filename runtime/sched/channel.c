/* Channels (LANGUAGE 14.5): a core shared by all isolates that hold the channel, and an object of
 * each.
 *
 * A message is copied out of the sender's isolate at once and into the receiver's when it is
 * received.  A sender hands its message to the task that has waited longest; one of another isolate
 * gets it by mail, posted while the core is locked, so that a receiver that stops waiting knows
 * whether a message is on its way.
 *
 * Cores are counted, and one that waits in its own queue, or in that of a channel that waits in its
 * own, keeps itself alive.  The program lists its cores and empties all queues when it ends. */
#include "sched/task.h"

#include "base/alloc.h"
#include "value/error_value.h"
#include "value/transfer.h"

typedef struct message {
    struct message *next;
    rf_value plain;    /* a value without heap object */
    rf_packet *packet; /* any other */
} message;

typedef struct rf_receiver { /* a waiting receive */
    rf_mail mail;            /* first */
    rf_sched *sched;
    rf_task *task;                /* NULL: it waits no more, but the mail is under way */
    struct rf_channel_core *core; /* counted */
    message *delivered;
    bool is_listed;                      /* in the core's list; under its lock */
    struct rf_receiver *previous, *next; /* in the core's list; under its lock */
    struct rf_receiver *older, *newer;   /* in the isolate's list */
} rf_receiver;

typedef struct rf_channel_core {
    pthread_mutex_t lock;
    atomic_uint references;
    message *first, *last;
    rf_receiver *first_receiver, *last_receiver;
    rf_channel_list *list; /* NULL: the program is over, and the queue empty for good */
    struct rf_channel_core *list_previous, *list_next; /* under the list's lock */
} rf_channel_core;

/* ---- cores and objects ---- */

static rf_channel_core *new_core(rf_channel_list *list)
{
    rf_channel_core *core = rf_new(rf_channel_core);
    pthread_mutex_init(&core->lock, NULL);
    atomic_init(&core->references, 1);
    core->list = list;
    pthread_mutex_lock(&list->lock);
    core->list_next = list->first;
    if (list->first) list->first->list_previous = core;
    list->first = core;
    pthread_mutex_unlock(&list->lock);
    return core;
}

static void leave_list(rf_channel_list *list, rf_channel_core *core) /* lock held */
{
    if (core->list_previous)
        core->list_previous->list_next = core->list_next;
    else
        list->first = core->list_next;
    if (core->list_next) core->list_next->list_previous = core->list_previous;
}

static void free_message(message *m)
{
    if (m->packet) rf_packet_free(m->packet);
    rf_free(m);
}

static void *share_core(rf_channel_core *core)
{
    atomic_fetch_add_explicit(&core->references, 1, memory_order_relaxed);
    return core;
}

static void drop_messages(rf_channel_core *core)
{
    while (core->first) {
        message *m = core->first;
        core->first = m->next;
        free_message(m);
    }
    core->last = NULL;
}

static void free_core(rf_channel_core *core)
{
    drop_messages(core);
    pthread_mutex_destroy(&core->lock);
    rf_free(core);
}

/* A queue may hold the last reference to a core whose queue holds the last one to the next: such
 * cores wait in a chain, so that the C stack does not grow with it. */
static void free_doomed(rf_channel_list *list) /* lock held */
{
    if (list->is_freeing) return; /* by a caller of this, or another thread */
    list->is_freeing = true;
    while (list->doomed) {
        rf_channel_core *core = list->doomed;
        list->doomed = core->list_next;
        pthread_mutex_unlock(&list->lock);
        free_core(core);
        pthread_mutex_lock(&list->lock);
    }
    list->is_freeing = false;
}

void rf_channel_drop_core(void *shared)
{
    rf_channel_core *core = shared;
    if (atomic_fetch_sub_explicit(&core->references, 1, memory_order_acq_rel) != 1) return;
    rf_channel_list *list = core->list;
    if (!list) { /* its queue is empty */
        free_core(core);
        return;
    }
    pthread_mutex_lock(&list->lock);
    leave_list(list, core);
    core->list_next = list->doomed;
    list->doomed = core;
    free_doomed(list);
    pthread_mutex_unlock(&list->lock);
}

void rf_channel_list_init(rf_channel_list *list)
{
    *list = (rf_channel_list){0};
    pthread_mutex_init(&list->lock, NULL);
}

void rf_channel_list_release(rf_channel_list *list)
{
    while (list->first) {
        rf_channel_core *core = share_core(list->first); /* its own queue may hold the last one */
        leave_list(list, core);
        core->list = NULL;
        drop_messages(core);
        rf_channel_drop_core(core);
    }
    pthread_mutex_destroy(&list->lock);
}

void *rf_channel_share(rf_channel *channel)
{
    return share_core(channel->core);
}

rf_value rf_channel_adopt(rf_isolate *isolate, void *core)
{
    rf_channel *channel = rf_object_new(isolate, sizeof *channel, RF_CHANNEL, 0);
    channel->core = core;
    return rf_object_value(RF_CHANNEL, channel);
}

rf_value rf_channel_new(rf_isolate *isolate)
{
    return rf_channel_adopt(isolate, new_core(rf_program_channels(isolate->sched->program)));
}

void rf_channel_free(rf_isolate *isolate, rf_channel *channel)
{
    rf_channel_drop_core(channel->core);
    rf_object_free(isolate, channel, sizeof *channel);
}

bool rf_channel_same(const rf_channel *a, const rf_channel *b)
{
    return a->core == b->core;
}

/* ---- messages ---- */

static message *pack(rf_isolate *isolate, rf_value v)
{
    rf_packet *packet = NULL;
    if (rf_is_heap(v)) {
        const char *refused = NULL;
        packet = rf_packet_pack(isolate, &v, 1, &refused);
        if (refused) {
            rf_packet_free(packet);
            rf_raise(isolate, "Cannot send %s through a channel", refused);
            return NULL;
        }
    }
    message *m = rf_alloc(sizeof *m);
    *m = (message){.plain = packet ? rf_unset() : v, .packet = packet};
    return m;
}

static rf_value unpack(rf_isolate *isolate, message *m)
{
    rf_value v = m->plain;
    if (m->packet) rf_packet_open(isolate, m->packet, &v);
    rf_free(m);
    return v;
}

/* ---- receivers ---- */

static void list_receiver(rf_channel_core *core, rf_receiver *r) /* lock held */
{
    r->previous = core->last_receiver;
    r->next = NULL;
    if (core->last_receiver)
        core->last_receiver->next = r;
    else
        core->first_receiver = r;
    core->last_receiver = r;
    r->is_listed = true;
}

static void unlist_receiver(rf_channel_core *core, rf_receiver *r) /* lock held */
{
    if (r->previous)
        r->previous->next = r->next;
    else
        core->first_receiver = r->next;
    if (r->next)
        r->next->previous = r->previous;
    else
        core->last_receiver = r->previous;
    r->is_listed = false;
}

static void leave_isolate(rf_sched *sched, rf_receiver *r)
{
    if (r->older)
        r->older->newer = r->newer;
    else
        sched->first_receiver = r->newer;
    if (r->newer)
        r->newer->older = r->older;
    else
        sched->last_receiver = r->older;
    r->task->receiver = NULL;
    r->task = NULL;
}

static void free_receiver(rf_receiver *r)
{
    rf_channel_drop_core(r->core);
    rf_free(r);
}

/* The task of r goes on with answer. */
static void answer(rf_isolate *isolate, rf_receiver *r, rf_value v)
{
    rf_task *task = r->task;
    leave_isolate(isolate->sched, r);
    free_receiver(r);
    task->answer = v;
    rf_task_make_runnable(isolate, task);
}

/* Gives m to the task that has waited longest, or keeps it, in front of the others when it comes
 * back. Lock held; a receiver of this isolate is returned, to be answered without the lock. */
static rf_receiver *hand_over(rf_isolate *isolate, rf_channel_core *core, message *m,
                              bool comes_back)
{
    rf_receiver *r = core->first_receiver;
    if (r) {
        unlist_receiver(core, r);
        r->delivered = m;
        if (r->sched == isolate->sched) return r;
        rf_program_post(r->sched->program, r->sched, &r->mail);
        return NULL;
    }
    m->next = comes_back ? core->first : NULL;
    if (comes_back)
        core->first = m;
    else if (core->last)
        core->last->next = m;
    else
        core->first = m;
    if (!m->next) core->last = m;
    return NULL;
}

static void put(rf_isolate *isolate, rf_channel_core *core, message *m, bool comes_back)
{
    pthread_mutex_lock(&core->lock);
    rf_receiver *r = hand_over(isolate, core, m, comes_back);
    pthread_mutex_unlock(&core->lock);
    if (r) answer(isolate, r, unpack(isolate, m));
}

/* A message from another isolate has arrived for a receiver of this one. */
static void open_delivery(rf_isolate *isolate, rf_mail *mail)
{
    rf_receiver *r = (rf_receiver *)mail;
    if (r->task) {
        answer(isolate, r, unpack(isolate, r->delivered));
        return;
    }
    put(isolate, r->core, r->delivered, true);
    free_receiver(r);
}

rf_value rf_channel_send(rf_isolate *isolate, rf_channel *channel, rf_value v)
{
    message *m = pack(isolate, v);
    if (!m) return rf_raised();
    put(isolate, channel->core, m, false);
    return rf_bool(true);
}

static message *take_message(rf_channel_core *core) /* lock held */
{
    message *m = core->first;
    if (!m) return NULL;
    core->first = m->next;
    if (!core->first) core->last = NULL;
    return m;
}

rf_value rf_channel_receive(rf_isolate *isolate, rf_channel *channel)
{
    rf_channel_core *core = channel->core;
    rf_sched *sched = isolate->sched;
    rf_task *task = isolate->task;
    pthread_mutex_lock(&core->lock);
    message *m = take_message(core);
    if (m) {
        pthread_mutex_unlock(&core->lock);
        return unpack(isolate, m);
    }
    rf_receiver *r = rf_alloc(sizeof *r);
    *r = (rf_receiver){.mail.open = open_delivery,
                       .sched = sched,
                       .task = task,
                       .core = share_core(core),
                       .older = sched->last_receiver};
    list_receiver(core, r);
    pthread_mutex_unlock(&core->lock);
    if (sched->last_receiver)
        sched->last_receiver->newer = r;
    else
        sched->first_receiver = r;
    sched->last_receiver = r;
    task->receiver = r;
    task->state = RF_TASK_RECEIVING;
    const bool goes_on = rf_task_suspend(isolate);
    rf_value received = rf_take(&task->answer);
    if (goes_on) return received;
    rf_release(isolate, received);
    return rf_raised();
}

/* ---- from the loop ---- */

/* Takes r off its core; false when a message for it is already under way. */
static bool withdraw(rf_receiver *r)
{
    pthread_mutex_lock(&r->core->lock);
    const bool was_listed = r->is_listed;
    if (was_listed) unlist_receiver(r->core, r);
    pthread_mutex_unlock(&r->core->lock);
    return was_listed;
}

void rf_channel_answer_null(rf_isolate *isolate)
{
    rf_receiver *r = isolate->sched->first_receiver;
    if (withdraw(r)) answer(isolate, r, rf_null());
}

void rf_channel_stop_waiting(rf_isolate *isolate, rf_task *task)
{
    rf_receiver *r = task->receiver;
    if (!r) return;
    const bool is_free = withdraw(r);
    leave_isolate(isolate->sched, r);
    if (is_free) free_receiver(r);
}
