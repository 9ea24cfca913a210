/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * errno values.  What each means stands once a call in the table of calls
 * (call_errno_means()) and in general in strerror(); so here are names only.
 */
#include <errno.h>

#include "call/call.h"
#include "call/constant_list.h"

#define E(name) \
    { #name, name, CONSTANT_INT, NULL }

/* POSIX first, then Linux's own, each in the order of the numbers; second names of a number last. */
static const struct constant errors[] = {
    E(EPERM), E(ENOENT), E(ESRCH), E(EINTR), E(EIO), E(ENXIO), E(E2BIG), E(ENOEXEC), E(EBADF), E(ECHILD),
    E(EAGAIN), E(ENOMEM), E(EACCES), E(EFAULT), E(EBUSY), E(EEXIST), E(EXDEV), E(ENODEV), E(ENOTDIR),
    E(EISDIR), E(EINVAL), E(ENFILE), E(EMFILE), E(ENOTTY), E(ETXTBSY), E(EFBIG), E(ENOSPC), E(ESPIPE),
    E(EROFS), E(EMLINK), E(EPIPE), E(EDOM), E(ERANGE), E(EDEADLK), E(ENAMETOOLONG), E(ENOLCK), E(ENOSYS),
    E(ENOTEMPTY), E(ELOOP), E(ENOMSG), E(EIDRM), E(ENOLINK), E(EPROTO), E(EMULTIHOP), E(EBADMSG),
    E(EOVERFLOW), E(EILSEQ), E(ENOTSOCK), E(EDESTADDRREQ), E(EMSGSIZE), E(EPROTOTYPE), E(ENOPROTOOPT),
    E(EPROTONOSUPPORT), E(EOPNOTSUPP), E(EAFNOSUPPORT), E(EADDRINUSE), E(EADDRNOTAVAIL), E(ENETDOWN),
    E(ENETUNREACH), E(ENETRESET), E(ECONNABORTED), E(ECONNRESET), E(ENOBUFS), E(EISCONN), E(ENOTCONN),
    E(ETIMEDOUT), E(ECONNREFUSED), E(EHOSTUNREACH), E(EALREADY), E(EINPROGRESS), E(ESTALE), E(EDQUOT),
    E(ECANCELED), E(EOWNERDEAD), E(ENOTRECOVERABLE),
    E(ENOTBLK), E(ECHRNG), E(EL2NSYNC), E(EL3HLT), E(EL3RST), E(ELNRNG), E(EUNATCH), E(ENOCSI), E(EL2HLT),
    E(EBADE), E(EBADR), E(EXFULL), E(ENOANO), E(EBADRQC), E(EBADSLT), E(EBFONT), E(ENOSTR), E(ENODATA),
    E(ETIME), E(ENOSR), E(ENONET), E(ENOPKG), E(EREMOTE), E(EADV), E(ESRMNT), E(ECOMM), E(EDOTDOT),
    E(ENOTUNIQ), E(EBADFD), E(EREMCHG), E(ELIBACC), E(ELIBBAD), E(ELIBSCN), E(ELIBMAX), E(ELIBEXEC),
    E(ERESTART), E(ESTRPIPE), E(EUSERS), E(ESOCKTNOSUPPORT), E(EPFNOSUPPORT), E(ESHUTDOWN), E(ETOOMANYREFS),
    E(EHOSTDOWN), E(EUCLEAN), E(ENOTNAM), E(ENAVAIL), E(EISNAM), E(EREMOTEIO), E(ENOMEDIUM), E(EMEDIUMTYPE),
    E(ENOKEY), E(EKEYEXPIRED), E(EKEYREVOKED), E(EKEYREJECTED), E(ERFKILL), E(EHWPOISON),
    E(EWOULDBLOCK), E(ENOTSUP), E(EDEADLOCK),
};
const struct constant_set constants_errno = SET("errors", "E", errors, 0);

const char *errno_name(int number) {
    return constant_name(&constants_errno, number);
}
