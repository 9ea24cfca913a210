/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The parser: what trees come out. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "base/buf.h"
#include "lang/parse.h"
#include "tree_text.h"

static void precedence_is_that_of_c(void **state) {
    (void)state;
    EXPRESSION("1 + 2 * 3", "(+ 1 (* 2 3))");
    EXPRESSION("(1 + 2) * 3", "(* (+ 1 2) 3)");
    EXPRESSION("1 - 2 - 3", "(- (- 1 2) 3)");
    EXPRESSION("a = b = c", "(= a (= b c))");
    EXPRESSION("a += b -= c", "(+= a (-= b c))");
    EXPRESSION("a << 1 + 2", "(<< a (+ 1 2))");
    EXPRESSION("a & b == c", "(& a (== b c))");
    EXPRESSION("a | b ^ c & d", "(| a (^ b (& c d)))");
    EXPRESSION("a || b && c | d", "(|| a (&& b (| c d)))");
    EXPRESSION("a < b == c > d", "(== (< a b) (> c d))");
    EXPRESSION("a <= b != c >= d", "(!= (<= a b) (>= c d))");
    EXPRESSION("a ? b : c ? d : e", "(? a b (? c d e))");
    EXPRESSION("a ? b, c : d", "(? a (, b c) d)");
    EXPRESSION("a = b ? c : d", "(= a (? b c d))");
    EXPRESSION("a, b = c, d", "(, (, a (= b c)) d)");
    EXPRESSION("-a * !b % ~c", "(% (* (- a) (! b)) (~ c))");
    EXPRESSION("*p++", "(* (x++ p))");
    EXPRESSION("(*p)++", "(x++ (* p))");
    EXPRESSION("++*p", "(++x (* p))");
    EXPRESSION("&a[1].b->c", "(& (->c (.b ([] a 1))))");
    EXPRESSION("- -a - --b", "(- (- (- a)) (--x b))");
    EXPRESSION("a---b", "(- (x-- a) b)");
    EXPRESSION("a>>=1", "(>>= a 1)");
    EXPRESSION("a % b / c", "(/ (% a b) c)");
    EXPRESSION("(a)", "a");
}

static void casts_sizeof_and_literals(void **state) {
    (void)state;
    EXPRESSION("(char)a + b", "(+ (cast char a) b)");
    EXPRESSION("(struct sockaddr *)&server", "(cast struct sockaddr* (& server))");
    EXPRESSION("(socklen_t *) &c", "(cast unsigned int* (& c))");
    EXPRESSION("(unsigned char)-1", "(cast unsigned char (- 1))");
    EXPRESSION("(a) + b", "(+ a b)");
    EXPRESSION("sizeof a + 1", "(+ (sizeof a) 1)");
    EXPRESSION("sizeof(server)", "(sizeof server)");
    EXPRESSION("sizeof(struct sockaddr_in)", "(sizeof struct sockaddr_in)");
    EXPRESSION("sizeof(char[20])", "(sizeof char[20])");
    EXPRESSION("sizeof (int *) * 2", "(* (sizeof int*) 2)");
    EXPRESSION("sizeof(a)[0]", "(sizeof ([] a 0))");
    EXPRESSION("sizeof(int){1}", "(sizeof (compound int ({} 1)))");
    EXPRESSION("(struct in_addr){0}.s_addr", "(.s_addr (compound struct in_addr ({} 0)))");
    EXPRESSION("f((struct timeval){.tv_sec = 5})", "(f() (compound struct timeval ({} .tv_sec=5)))");
    EXPRESSION("&(int){1}", "(& (compound int ({} 1)))");
    EXPRESSION("(int)(long)x", "(cast int (cast long x))");
    EXPRESSION("\"a\" \"b\"\n\"c\\0\" \"1\"", "\"abc\\0001\"");
    EXPRESSION("(char (*)[3])p", "(cast char[3]* p)");
}

static void constants_have_c_types(void **state) {
    (void)state;
    static const struct {
        const char *source;
        const struct type *type;
        uint64_t value;
    } constants[] = {
        {"0", &type_int, 0},
        {"2147483647", &type_int, 2147483647},
        {"2147483648", &type_long, 2147483648},
        {"0x7fffffff", &type_int, 0x7fffffff},
        {"0xffffffff", &type_uint, 0xffffffff},
        {"0x100000000", &type_long, 0x100000000},
        {"0xffffffffffffffff", &type_ulong, UINT64_MAX},
        {"037777777777", &type_uint, 0xffffffff},
        {"017", &type_int, 15},
        {"0b101", &type_int, 5},
        {"1u", &type_uint, 1},
        {"4294967296U", &type_ulong, 4294967296},
        {"18446744073709551615u", &type_ulong, UINT64_MAX},
        {"1L", &type_long, 1},
        {"1lu", &type_ulong, 1},
        {"1UL", &type_ulong, 1},
        {"1ll", &type_llong, 1},
        {"1LLU", &type_ullong, 1},
        {"'a'", &type_int, 'a'},
        {"'\\n'", &type_int, '\n'},
        {"'\\0'", &type_int, 0},
        {"'\\''", &type_int, '\''},
        {"'\"'", &type_int, '"'},
        {"'\\x41'", &type_int, 'A'},
        {"'\\101'", &type_int, 'A'},
        {"'\\xff'", &type_int, (uint64_t)(int64_t)(char)0xff},
    };

    for (size_t i = 0; i < sizeof(constants) / sizeof(constants[0]); i++) {
        struct tree tree;
        struct error error = {0};
        assert_true(parse(constants[i].source, strlen(constants[i].source), &tree, &error));
        const struct node *node = tree.program->list->left;
        assert_int_equal(node->kind, NODE_INTEGER);
        assert_ptr_equal(node->type, constants[i].type);
        assert_int_equal(node->integer, constants[i].value);
        tree_free(&tree);
    }
    EXPRESSION("\"\\a\\b\\f\\n\\r\\t\\v\\\\\\\"\\?\\u20ac\\x41\\60\"",
               "\"\\a\\b\\f\\n\\r\\t\\v\\\\\\\"?\xe2\x82\xac"
               "A0\"");
    EXPRESSION("\"\xc3\xa4\"", "\"\xc3\xa4\"");
    EXPRESSION("\"a\\\nb\"", "\"ab\"");
}

static void declarations_in_any_order_of_words(void **state) {
    (void)state;
    CHECK("int a, *b, c[3];", "(declare (a int) (b int*) (c int[3]))");
    CHECK("long unsigned const int long x", "(declare (x unsigned long long))");
    CHECK("static volatile short x = 1", "(declare (x short = 1))");
    CHECK("signed char c; unsigned u; char signed d;",
          "(declare (c signed char))(declare (u unsigned int))(declare (d signed char))");
    CHECK("const char *const p = \"x\"", "(declare (p char* = \"x\"))");
    CHECK("char *names[3]", "(declare (names char*[3]))");
    CHECK("char (*row)[3]", "(declare (row char[3]*))");
    CHECK("int grid[2][3]", "(declare (grid int[3][2]))");
    CHECK("char buf[MAX_LINE], *host", "(declare (buf char[MAX_LINE]) (host char*))");
    CHECK("char text[] = \"hi\"", "(declare (text char[] = \"hi\"))");
    CHECK("struct sockaddr_in server, client;",
          "(declare (server struct sockaddr_in) (client struct sockaddr_in))");
    CHECK("struct hostent *hp; FILE *fp;", "(declare (hp struct hostent*))(declare (fp FILE*))");
    CHECK("bool yes = 1; _Bool no", "(declare (yes _Bool = 1))(declare (no _Bool))");
    CHECK("size_t n = sizeof n", "(declare (n unsigned long = (sizeof n)))");
    CHECK("extern int errno;", "()");
    CHECK("union epoll_data d; struct epoll_event e",
          "(declare (d union epoll_data))(declare (e struct epoll_event))");
    CHECK("char m[2000] = {0};", "(declare (m char[2000] = ({} 0)))");
    CHECK("int a[2][2] = {{1, 2}, {3,},}", "(declare (a int[2][2] = ({} ({} 1 2) ({} 3))))");
    CHECK("int a[9] = {[3] = 1, 2, [1+1] = 4}", "(declare (a int[9] = ({} [3]=1 2 [(+ 1 1)]=4)))");
    CHECK("struct sockaddr_in s = { .sin_family = AF_INET, .sin_addr.s_addr = 1, .sin_port = htons(80) };",
          "(declare (s struct sockaddr_in = ({} .sin_family=AF_INET .sin_addr=({} .s_addr=1) "
          ".sin_port=(htons() 80))))");
    CHECK("struct pollfd p[2] = {[0].fd = 3, [0].events = 1, [1].fd = 4}",
          "(declare (p struct pollfd[2] = ({} [0]=({} .fd=3 .events=1) [1]=({} .fd=4))))");
}

static void statements_of_every_kind(void **state) {
    (void)state;
    CHECK("", "");
    CHECK(" // nothing\n/* at\nall */", "");
    CHECK(";;", "()()");
    CHECK("if (a) b; else if (c) d; else { e; }", "(if a (do b) (if c (do d) (block (do e))))");
    CHECK("else a;", "(else (do a))"); /* of an if in the submission before */
    CHECK("else if (a) b; else { } c;", "(else (if a (do b) (block)))(do c)");
    CHECK("if (a) if (b) c; else d;", "(if a (if b (do c) (do d)) -)");
    CHECK("while (1) { break; continue; }", "(while 1 (block (break) (continue)))");
    CHECK("while (x);", "(while x ())");
    CHECK("do x++; while (x < 3)", "(dowhile (do (x++ x)) (< x 3))");
    CHECK("for (;;) ;", "(for - - - ())");
    CHECK("for (int i = 0; i < 3; i++) f(i);", "(for (declare (i int = 0)) (< i 3) (x++ i) (do (f() i)))");
    CHECK("for (i = 0, j = 1; ; ) {}", "(for (do (, (= i 0) (= j 1))) - - (block))");
    CHECK("return", "(return -)");
    CHECK("return 1;", "(return 1)");
    CHECK("a; b; c", "(do a)(do b)(do c)");
    CHECK("a\xc2\xa0=\xc2\xa0"
          "1;",
          "(do (= a 1))");
    CHECK("a = 1; \\\n b = 2", "(do (= a 1))(do (= b 2))");
    CHECK("a = 1;\r\nb = 2;\r\n", "(do (= a 1))(do (= b 2))");
}

static void hash_lines(void **state) {
    (void)state;
    CHECK("#include <stdio.h>\n#include \"my.h\" // own\nx", "()()(do x)");
    CHECK("#define SERVER_PORT 5432\n#define MAX_LINE   256 /* bytes */\n#define NAME \"x\" // y",
          "(define SERVER_PORT 5432)(define MAX_LINE 256)(define NAME \"x\")");
    CHECK("# define A (1 + \\\n 2)\nA", "(define A (+ 1 2))(do A)");
    CHECK("#define EMPTY\n#\n", "(define EMPTY -)()");
    CHECK("#define MINUS -1\n#define F (x)", "(define MINUS (- 1))(define F x)");
    CHECK("{\n#define A 1\n}", "(block (define A 1))");
    REFUSE("#define SQUARE(x) ((x)*(x))", 8, "parameters");
    REFUSE("#define SUM 1 + 2", 12, "parentheses");
    REFUSE("#define PORT 80;", 15, "`;`");
    CHECK("#define SA struct sockaddr\nSA *p;", "(typedef (SA struct sockaddr))(declare (p SA*))");
    REFUSE("#define T int x", 14, "end of the line");
    REFUSE("#define T {", 10, "only constants");
    REFUSE("#define A (1\n+ 2)", 12, "line ends");
    REFUSE("#ifdef X", 1, "not understood");
    REFUSE("x = 1; #define A 1", 7, "beginning of a line");
    REFUSE("#define 3 4", 8, "a name after #define");
    REFUSE("#define A 1 2", 12, "end of the line");
    REFUSE("if (1)\n#define A 1\n", 7, "alone");
}

/* The server and the client of the first tutorial, line by line. */
static void the_echo_tutorial(void **state) {
    (void)state;
    CHECK("int socket_desc, client_sock, c, read_size;",
          "(declare (socket_desc int) (client_sock int) (c int) (read_size int))");
    CHECK("char client_message[2000] = {0};  ", "(declare (client_message char[2000] = ({} 0)))");
    CHECK("socket_desc = socket(AF_INET, SOCK_STREAM, 0);",
          "(do (= socket_desc (socket() AF_INET SOCK_STREAM 0)))");
    CHECK("if (socket_desc == -1) {  \n        printf(\"x\");  \n    }    puts(\"y\");",
          "(if (== socket_desc (- 1)) (block (do (printf() \"x\"))) -)(do (puts() \"y\"))");
    CHECK("server.sin_family = AF_INET;", "(do (= (.sin_family server) AF_INET))");
    CHECK("server.sin_addr.s_addr = INADDR_ANY;", "(do (= (.s_addr (.sin_addr server)) INADDR_ANY))");
    CHECK("server.sin_port = htons(8888);", "(do (= (.sin_port server) (htons() 8888)))");
    CHECK("if (bind(socket_desc, (struct sockaddr *)&server, sizeof(server)) < 0) { return 1; }",
          "(if (< (bind() socket_desc (cast struct sockaddr* (& server)) (sizeof server)) 0) (block (return "
          "1)) -)");
    CHECK("listen(socket_desc, 3);", "(do (listen() socket_desc 3))");
    CHECK("c = sizeof(struct sockaddr_in);", "(do (= c (sizeof struct sockaddr_in)))");
    CHECK("client_sock =  \n  accept(socket_desc, (struct sockaddr *)&client, (socklen_t *)&c);",
          "(do (= client_sock (accept() socket_desc (cast struct sockaddr* (& client)) (cast unsigned int* "
          "(& c)))))");
    CHECK(
        "while ((read_size = recv(client_sock, client_message, 2000, 0)) > 0) {\n  // comment\n"
        "client_message[read_size] = '\\0';\nwrite(client_sock, client_message, strlen(client_message));\n}",
        "(while (> (= read_size (recv() client_sock client_message 2000 0)) 0) (block "
        "(do (= ([] client_message read_size) 0)) "
        "(do (write() client_sock client_message (strlen() client_message)))))");
    CHECK("if (read_size == 0) { fflush(stdout); }else if (read_size == -1) { perror(\"x\"); }  ",
          "(if (== read_size 0) (block (do (fflush() stdout))) (if (== read_size (- 1)) (block (do (perror() "
          "\"x\"))) "
          "-))");
    CHECK("char message[1000], server_reply[2000];",
          "(declare (message char[1000]) (server_reply char[2000]))");
    CHECK("server.sin_addr.s_addr = inet_addr(\"127.0.0.1\");",
          "(do (= (.s_addr (.sin_addr server)) (inet_addr() \"127.0.0.1\")))");
    CHECK("while (connect(sock, (struct sockaddr *)&server, sizeof(server)) < 0) {\n sleep(5); }",
          "(while (< (connect() sock (cast struct sockaddr* (& server)) (sizeof server)) 0) (block (do "
          "(sleep() 5))))");
    CHECK("fgets(message, 1000, stdin);", "(do (fgets() message 1000 stdin))");
    CHECK("if (send(sock, message, strlen(message), 0) < 0) { puts(\"f\"); return 1; }",
          "(if (< (send() sock message (strlen() message) 0) 0) (block (do (puts() \"f\")) (return 1)) -)");
    CHECK("memset(message, 0, 1000);", "(do (memset() message 0 1000))");
    CHECK("close(sock);  \n    return 0;  ", "(do (close() sock))(return 0)");
}

static void other_tutorials(void **state) {
    (void)state;
    CHECK("bcopy(hp->h_addr, (char *)&sin.sin_addr, hp->h_length);",
          "(do (bcopy() ([] (->h_addr_list hp) 0) (cast char* (& (.sin_addr sin))) (->h_length hp)))");
    CHECK("h.h_addr", "(do ([] (.h_addr_list h) 0))");
    CHECK("while (buf_len = recv(new_s, buf, sizeof(buf), 0))\n fputs(buf, stdout);",
          "(while (= buf_len (recv() new_s buf (sizeof buf) 0)) (do (fputs() buf stdout)))");
    CHECK("fprintf(stderr,\"usage %s hostname port\\n\", argv[0]);",
          "(do (fprintf() stderr \"usage %s hostname port\\n\" ([] argv 0)))");
    CHECK("totalBytesRcvd += numBytes; // Keep tally", "(do (+= totalBytesRcvd numBytes))");
    REFUSE("buffer[numBytes] = \xe2\x80\x99\\0\xe2\x80\x99;", 19, "type ' instead");
    REFUSE("fputc(\xe2\x80\x99\\n\xe2\x80\x99, stdout);", 6, "typographic quote");
}

static void transcripts_can_be_given_back(void **state) {
    (void)state;
    CHECK("socket(AF_INET, SOCK_STREAM, 0) = 3", "(do (socket()= AF_INET SOCK_STREAM 0))");
    CHECK("connect(3, {AF_INET, 127.0.0.1:8888}, 16) = -1 ECONNREFUSED (Connection refused)",
          "(do (connect()= 3 <127.0.0.1:8888> 16))");
    CHECK("bind(3, {AF_INET6, [::1]:80}, 28) = 0\n    // the address is yours\nlisten(3, 5) = 0 // x\n",
          "(do (bind()= 3 <[::1]:80> 28))(do (listen()= 3 5))");
    CHECK("bind(3, {AF_UNIX, \"/tmp/x\"}, 110)", "(do (bind() 3 </tmp/x> 110))");
    CHECK("bind(3, {AF_UNIX, @\"hidden\"}, 110)", "(do (bind() 3 <@hidden> 110))");
    CHECK("bind(3, { AF_INET , *:8888 })", "(do (bind() 3 <*:8888>))");
    CHECK("f(3) = 0x7ffe10a0", "(do (f()= 3))");
    CHECK("f(3) = ? ERESTARTSYS (To be restarted)\r", "(do (f()= 3))");
    CHECK("if (f(3) == 0) g()", "(if (== (f() 3) 0) (do (g())) -)");
    CHECK("{ f(3) = 1\n g(); }", "(block (do (f()= 3)) (do (g())))");
    REFUSE("accept(3, {AF_INET, 127.0.0.1:40000}, [16]) = 4", 38, "&length");
    REFUSE("accept(3, {AF_INET, 127.0.0.1:40000}, [128 => 16]) = 4", 38, "&length");
    REFUSE("send(4, \"hel\"..., 500, 0) = 500", 13, "whole string");
    REFUSE("accept(3, \xe2\x80\xa6)", 10, "left out");
    REFUSE("accept(3, ...)", 10, "left out");
    REFUSE("f(3) = x", 5, "==");
    REFUSE("f(3) = 3;", 5, "==");
    REFUSE("f(3) =", 5, "==");
    REFUSE("(f(3)) = 3", 0, "only a variable");
    REFUSE("x = f(3) = 3", 4, "only a variable");
    REFUSE("f({AF_INET})", 10, "`,`");
    REFUSE("f({AF_INET, })", 12, "no address");
    REFUSE("f({AF_PACKET, 1})", 14, "no address");
    REFUSE("f({1, 2})", 2, "no address");
    REFUSE("f({AF_UNIX, /tmp/x})", 12, "no address");
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(precedence_is_that_of_c),
        cmocka_unit_test(casts_sizeof_and_literals),
        cmocka_unit_test(constants_have_c_types),
        cmocka_unit_test(declarations_in_any_order_of_words),
        cmocka_unit_test(statements_of_every_kind),
        cmocka_unit_test(hash_lines),
        cmocka_unit_test(the_echo_tutorial),
        cmocka_unit_test(other_tutorials),
        cmocka_unit_test(transcripts_can_be_given_back),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
