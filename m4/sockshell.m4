# SPDX-License-Identifier: GPL-3.0-or-later

# SOCKSHELL_LIBRARY(NAME, LIBRARIES, HEADER, FUNCTION, DEBIAN-PACKAGE, [OTHER-LIBS], [IF-NOT], [IF-FOUND])
# Sets and substitutes NAME_LIBS to the first of LIBRARIES that has FUNCTION,
# with OTHER-LIBS behind it.  Without IF-NOT a missing library ends configure
# with a sentence that names the package.  LIBS itself stays as it is.
AC_DEFUN([SOCKSHELL_LIBRARY], [
    sockshell_saved_LIBS=$LIBS
    $1_LIBS=
    AC_CHECK_HEADER([$3], [
        AC_SEARCH_LIBS([$4], [$2], [
            AS_CASE([$ac_cv_search_$4],
                ["none required"], [$1_LIBS="$6"],
                [$1_LIBS="$ac_cv_search_$4 $6"])
            sockshell_found=yes
        ], [sockshell_found=no], [$6])
    ], [sockshell_found=no], [
        #include <stdarg.h>
        #include <stddef.h>
        #include <stdint.h>
        #include <stdio.h>
        #include <setjmp.h>
    ])
    LIBS=$sockshell_saved_LIBS
    AC_SUBST([$1_LIBS])
    AS_VAR_IF([sockshell_found], [yes], [m4_default([$8], [:])], [
        m4_default([$7], [AC_MSG_ERROR([$3 or the library behind it is missing; Debian package: $5])])
    ])
])
