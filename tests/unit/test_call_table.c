/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The table of calls: rows are complete, what they refer to exists, prototypes can be read. */
#include <errno.h>
#include <fcntl.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cmocka.h>

#include "call/engine.h"
#include "call/prototype.h"

static void rows_are_complete(void **state) {
    const struct call *call;
    struct types *types = types_new();
    (void)state;

    for (size_t i = 0; (call = call_at(i)) != NULL; i++) {
        struct signature signature;
        size_t args = call_count_args(call);
        if (!prototype_read(call->prototype, types, &signature))
            fail_msg("%s: the prototype cannot be read: %s", call->name, call->prototype);
        if (call_find(call->name) != call)
            fail_msg("%s is there twice", call->name);
        if (call->summary == NULL || call->note == NULL || call->man == NULL || call->topic == NULL ||
            (call->see == NULL && i > 0))
            fail_msg("%s: a text is missing", call->name);
        if ((call->run == NULL) == (call->system == NULL))
            fail_msg("%s: one of run and system", call->name);
        bool more = args > 0 && call->args[args - 1].kind == ARG_MORE;
        if (signature.count > args || (signature.count < args && !signature.more))
            fail_msg("%s: %zu arguments, but the prototype has %zu", call->name, args, signature.count);
        /* A struct by value (inet_ntoa) is taken as ARG_MORE, too: there is no kind for it. */
        if (more && !signature.more && signature.count != args)
            fail_msg("%s: prototype without ...", call->name);
        if ((call->flags & CALL_SYSTEM) && call->sysnr_count == 0)
            fail_msg("%s: no system call number", call->name);
        if (call->sysnr_count > sizeof call->sysnr / sizeof *call->sysnr)
            fail_msg("%s: too many system call numbers", call->name);
        for (size_t k = 0; k < args; k++) {
            const struct call_arg *arg = &call->args[k];
            bool named = arg->kind == ARG_MORE ||
                         (arg->name != NULL && strstr(call->prototype, arg->name) != NULL) ||
                         strcmp(call->name, "fcntl") == 0;
            if (!named)
                fail_msg("%s: argument %zu has another name in the prototype", call->name, k);
            if ((arg->kind == ARG_CONST || arg->kind == ARG_FLAGS) && arg->set == NULL)
                fail_msg("%s: %s has no set", call->name, arg->name);
            if (arg->usual != NULL && k + 1 < args && call->args[k + 1].usual == NULL &&
                call->args[k + 1].kind != ARG_MORE)
                fail_msg("%s: what stands after %s must be optional, too", call->name, arg->name);
            if (arg->usual != NULL && arg->usual[0] != '\0' && constant_find(arg->usual) == NULL &&
                strspn(arg->usual, "-0123456789") != strlen(arg->usual))
                fail_msg("%s: the usual %s is neither number nor constant", call->name, arg->usual);
        }
    }
    types_free(types);
}

static void references_exist(void **state) {
    const struct call *call;
    char name[64];
    (void)state;

    for (size_t i = 0; (call = call_at(i)) != NULL; i++) {
        const char *at = call->see != NULL ? call->see : "";
        while (*at != '\0') {
            size_t length = strcspn(at, " ");
            assert_true(length > 0 && length < sizeof name);
            memcpy(name, at, length);
            name[length] = '\0';
            if (call_find(name) == NULL || call_find(name) == call)
                fail_msg("%s: see %s", call->name, name);
            at += length + strspn(at + length, " ");
        }
        for (const struct call_errno *e = call->errors; e != NULL && e->number != 0; e++) {
            if (call_error_name(call, e->number) == NULL || e->means == NULL || strlen(e->means) < 10)
                fail_msg("%s: errno %d", call->name, e->number);
            for (const struct call_errno *f = call->errors; f != e; f++)
                if (f->number == e->number)
                    fail_msg("%s: %s is there twice", call->name, call_error_name(call, e->number));
        }
    }
}

static void prototypes_are_read(void **state) {
    struct types *types = types_new();
    struct signature s;
    (void)state;

    assert_true(prototype_read("ssize_t recv(int sockfd, void *buf, size_t len, int flags)", types, &s));
    assert_int_equal(s.count, 4);
    assert_ptr_equal(s.result, &type_long);
    assert_ptr_equal(s.params[0], &type_int);
    assert_int_equal(s.params[1]->kind, TYPE_POINTER);
    assert_ptr_equal(s.params[2], &type_ulong);
    assert_true(prototype_read("int pipe(int pipefd[2])", types, &s));
    assert_ptr_equal(s.params[0]->of, &type_int);
    assert_true(prototype_read("pid_t fork(void)", types, &s));
    assert_int_equal(s.count, 0);
    assert_true(prototype_read("int printf(const char *restrict format, ...)", types, &s));
    assert_int_equal(s.count, 1);
    assert_true(s.more);
    assert_false(prototype_read("nobody_t x(int a)", types, &s));
    assert_false(prototype_read("int x", types, &s));
    assert_false(prototype_read("int x(int a", types, &s));
    assert_false(prototype_read("", types, &s));
    types_free(types);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(rows_are_complete),
        cmocka_unit_test(references_exist),
        cmocka_unit_test(prototypes_are_read),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
