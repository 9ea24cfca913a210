/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The parser: what trees come out, what is refused and where, and what is only incomplete. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include "base/buf.h"
#include "base/escape.h"
#include "lang/parse.h"

/* A printer: every construct in parentheses, its name first. */

static void print(const struct node *node, struct buf *out);

static const char *const ops[] = {"",   "+", "-", "*", "/",  "%",  "<<", ">>", "<", ">", "<=", ">=", "==",
                                  "!=", "&", "^", "|", "&&", "||", "-",  "+",  "!", "~", "*",  "&"};

static void print_typename(const struct typename *typename, struct buf *out) {
    buf_add_text(out, typename->base->name);
    for (const struct derivation *d = typename->derived; d; d = d->next) {
        buf_add_text(out, d->kind == DERIVE_POINTER ? "*" : "[");
        if (d->kind == DERIVE_ARRAY) {
            if (d->count)
                print(d->count, out);
            buf_add_text(out, "]");
        }
    }
}

static void print_parts(const char *name, const struct node *const *parts, size_t count, struct buf *out) {
    buf_addf(out, "(%s", name);
    for (size_t i = 0; i < count; i++) {
        buf_add_char(out, ' ');
        if (parts[i])
            print(parts[i], out);
        else
            buf_add_char(out, '-');
    }
    buf_add_char(out, ')');
}

static void print_list(const char *name, const struct node *node, struct buf *out) {
    size_t count = 0;

    buf_addf(out, "(%s", name);
    for (const struct node *item = node->list; item; item = item->next, count++) {
        buf_add_char(out, ' ');
        if (item->designator)
            buf_addf(out, ".%s=", item->designator);
        if (item->designator_index) {
            buf_add_char(out, '[');
            print(item->designator_index, out);
            buf_add_text(out, "]=");
        }
        print(item, out);
    }
    buf_add_char(out, ')');
    assert_int_equal(count, node->count);
}

static void print_typed(const char *name, const struct node *node, struct buf *out) {
    buf_addf(out, "(%s ", name);
    print_typename(&node->typename, out);
    if (node->left) {
        buf_add_char(out, ' ');
        print(node->left, out);
    }
    buf_add_char(out, ')');
}

#define PARTS(name, ...)                                    \
    print_parts(name, (const struct node *[]){__VA_ARGS__}, \
                sizeof((const struct node *[]){__VA_ARGS__}) / sizeof(struct node *), out)

static void print_statement(const struct node *node, struct buf *out) {
    if (node->kind == NODE_EXPRESSION)
        PARTS("do", node->left);
    else if (node->kind == NODE_DECLARE)
        print_list("declare", node, out);
    else if (node->kind == NODE_BLOCK)
        print_list("block", node, out);
    else if (node->kind == NODE_PROGRAM)
        print_list("program", node, out);
    else if (node->kind == NODE_IF)
        PARTS("if", node->condition, node->left, node->right);
    else if (node->kind == NODE_ELSE)
        PARTS("else", node->left);
    else if (node->kind == NODE_WHILE)
        PARTS("while", node->condition, node->left);
    else if (node->kind == NODE_DO)
        PARTS("dowhile", node->left, node->condition);
    else if (node->kind == NODE_FOR)
        PARTS("for", node->first, node->condition, node->step, node->left);
    else if (node->kind == NODE_BREAK)
        buf_add_text(out, "(break)");
    else if (node->kind == NODE_CONTINUE)
        buf_add_text(out, "(continue)");
    else if (node->kind == NODE_RETURN)
        PARTS("return", node->left);
    else if (node->kind == NODE_EMPTY)
        buf_add_text(out, "()");
    else
        fail_msg("node kind %d", (int)node->kind);
}

static void print_named(const struct node *node, struct buf *out) {
    char name[64];

    if (node->kind == NODE_DECLARATOR) {
        buf_addf(out, "(%s ", node->text);
        print_typename(&node->typename, out);
        if (node->left) {
            buf_add_text(out, " = ");
            print(node->left, out);
        }
        buf_add_char(out, ')');
    } else if (node->kind == NODE_DEFINE) {
        snprintf(name, sizeof(name), "define %s", node->text);
        PARTS(name, node->left);
    } else if (node->kind == NODE_CALL) {
        snprintf(name, sizeof(name), "%s()%s", node->text, node->with_result ? "=" : "");
        print_list(name, node, out);
    } else if (node->kind == NODE_MEMBER || node->kind == NODE_ARROW) {
        snprintf(name, sizeof(name), "%s%s", node->kind == NODE_MEMBER ? "." : "->", node->text);
        PARTS(name, node->left);
    } else if (node->kind == NODE_ADDRESS) {
        buf_addf(out, "<%s>", node->text);
    } else {
        print_statement(node, out);
    }
}

static void print(const struct node *node, struct buf *out) {
    char name[16];

    switch (node->kind) {
    case NODE_INTEGER:
        buf_addf(out, "%" PRId64, (int64_t)node->integer);
        break;
    case NODE_STRING:
        escape_c_quoted(out, node->text, node->text_length, 1000);
        break;
    case NODE_NAME:
        buf_add_text(out, node->text);
        break;
    case NODE_INDEX:
        PARTS("[]", node->left, node->right);
        break;
    case NODE_UNARY:
        PARTS(ops[node->op], node->left);
        break;
    case NODE_PREFIX:
        PARTS(node->op == OP_ADD ? "++x" : "--x", node->left);
        break;
    case NODE_POSTFIX:
        PARTS(node->op == OP_ADD ? "x++" : "x--", node->left);
        break;
    case NODE_BINARY:
        PARTS(ops[node->op], node->left, node->right);
        break;
    case NODE_ASSIGN:
        snprintf(name, sizeof(name), "%s=", ops[node->op]);
        PARTS(name, node->left, node->right);
        break;
    case NODE_CONDITIONAL:
        PARTS("?", node->condition, node->left, node->right);
        break;
    case NODE_COMMA:
        PARTS(",", node->left, node->right);
        break;
    case NODE_CAST:
        print_typed("cast", node, out);
        break;
    case NODE_SIZEOF:
        PARTS("sizeof", node->left);
        break;
    case NODE_SIZEOF_TYPE:
        print_typed("sizeof", node, out);
        break;
    case NODE_COMPOUND:
        print_typed("compound", node, out);
        break;
    case NODE_INITIALIZER:
        print_list("{}", node, out);
        break;
    default:
        print_named(node, out);
    }
}

/* Checks */

static void check_at(int line, const char *source, const char *expected) {
    struct tree tree;
    struct error error = {0};

    if (!parse(source, strlen(source), &tree, &error))
        fail_msg("line %d: `%s`: %s at %u", line, source, error.text, error.where.at);
    struct buf out = {0};
    for (const struct node *node = tree.program->list; node; node = node->next)
        print(node, &out);
    if (strcmp(buf_text(&out), expected) != 0)
        fail_msg("line %d: `%s`\n  is       %s\n  not      %s", line, source, buf_text(&out), expected);
    buf_free(&out);
    tree_free(&tree);
}
#define CHECK(source, expected) check_at(__LINE__, source, expected)
#define EXPRESSION(source, expected) check_at(__LINE__, source, "(do " expected ")")

/* Refused, with this kind, at this byte; text and hint contain these words. */
static void refuse_at(int line, const char *source, enum error_kind kind, size_t at, const char *words) {
    struct tree tree;
    struct error error = {0};

    if (parse(source, strlen(source), &tree, &error))
        fail_msg("line %d: `%s` was understood", line, source);
    assert_null(tree.program);
    assert_null(tree.arena);
    struct buf said = {0};
    buf_addf(&said, "%s; %s", error.text, error.hint ? error.hint : "");
    if (error.kind != kind || error.where.at != at || !strstr(buf_text(&said), words))
        fail_msg("line %d: `%s`: %s at %u: %s", line, source, error_kind_name(error.kind), error.where.at,
                 buf_text(&said));
    buf_free(&said);
    error_free(&error);
}
#define REFUSE(source, at, words) refuse_at(__LINE__, source, ERROR_SYNTAX, at, words)
#define REFUSE_AS(kind, source, at, words) refuse_at(__LINE__, source, kind, at, words)
#define INCOMPLETE(source) refuse_at(__LINE__, source, ERROR_INCOMPLETE, strlen(source), "")

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
    REFUSE("#define T int", 10, "only constants");
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

static void mistakes_are_located(void **state) {
    (void)state;
    REFUSE("a = 1 b = 2", 5, "`;` or an operator");
    REFUSE("foo() bar()", 5, "`;` or an operator");
    REFUSE("a = 1\nb = 2", 5, "`;` is missing");
    REFUSE("{ a = 1 }", 7, "`;` is missing");
    REFUSE("listen(3, 3))", 12, "nothing is open");
    REFUSE("a ]", 2, "nothing is open");
    REFUSE("}", 0, "no {");
    REFUSE("else a; else b;", 8, "closing }");
    REFUSE("a; else b;", 3, "closing }");
    REFUSE("{ } else { }", 4, "closing }");
    REFUSE("f(1 2)", 4, "`,`");
    REFUSE("f(1,)", 4, "an expression");
    REFUSE("f(,1)", 2, "an expression");
    REFUSE("a[1;", 3, "`]`");
    REFUSE("(1;", 2, "`)`");
    REFUSE("if a", 3, "`(` after `if`");
    REFUSE("for (int i = 0; i < 3) f();", 21, "`;`");
    REFUSE("for (1 2;;);", 7, "`;`");
    REFUSE("break", 0, "no loop");
    REFUSE("if (1) continue;", 7, "no loop");
    REFUSE("if (1) int x;", 7, "{ }");
    REFUSE("x = {1}", 4, "type before it");
    REFUSE("x = int", 4, "a type cannot");
    REFUSE("1 = x", 0, "only a variable");
    REFUSE("a + b = c", 0, "==");
    REFUSE("a.1", 1, "");
}

static void missing_features_have_remedies(void **state) {
    (void)state;
    REFUSE("int main(int argc, char *argv[]) {", 4, "one after the other");
    REFUSE("int main()", 4, "one after the other");
    REFUSE("main() {", 0, "one after the other");
    REFUSE("int listen(int sockfd, int backlog);", 4, "no declaration");
    REFUSE("void handler(int s) { }", 5, "one after the other");
    REFUSE("void (*handler)(int);", 15, "function types");
    REFUSE("x = 1.5", 4, "floating");
    REFUSE("x = 1e5", 4, "floating");
    REFUSE("double d;", 0, "integer");
    REFUSE("goto end;", 0, "loop");
    REFUSE("end: x = 1;", 0, "labels");
    REFUSE("switch (x) { }", 0, "else if");
    REFUSE("typedef int number;", 0, "type itself");
    REFUSE("enum { A, B };", 0, "#define");
    REFUSE("struct point { int x; };", 7, "cannot be defined");
    REFUSE("struct { int x; } p;", 7, "cannot be defined");
    REFUSE("struct sockaddr_in { short sin_family; };", 7, "there already");
    REFUSE("asm(\"nop\");", 0, "in C");
    REFUSE("L\"wide\"", 0, "UTF-8");
    REFUSE("f->g(1)", 0, "name of a function");
    REFUSE("bind(3, 127.0.0.1:8888)", 8, "quotes");
    REFUSE("x = 08", 4, "octal");
    REFUSE("x = 0xe+1", 4, "blanks");
    REFUSE("x = 3abc", 4, "begin with a digit");
    REFUSE("x = 99999999999999999999", 4, "larger");
    REFUSE("x = 9223372036854775808", 4, "larger");
    REFUSE("unsigned char short x", 0, "no type");
    REFUSE("size_t unsigned x", 0, "two types");
    REFUSE("x = 'ab'", 4, "double quotes");
    REFUSE("x = '\xc3\xa4'", 4, "2");
    REFUSE("x = ''", 4, "'\\0'");
    REFUSE("\"a\\q\"", 2, "no such escape");
    REFUSE("\"\\x\"", 1, "digits missing");
    REFUSE("\"\\x123\"", 1, "larger than a byte");
    REFUSE("\"\\u12\"", 1, "digits missing");
    REFUSE("\"\\ud800\"", 1, "no such character");
    REFUSE_AS(ERROR_TYPE, "void v;", 5, "void *v");
    REFUSE_AS(ERROR_TYPE, "FILE f;", 5, "FILE *f");
}

static void misspelt_words_are_suggested(void **state) {
    (void)state;
    REFUSE_AS(ERROR_NAME, "struct sockaddr_inn s;", 7, "struct sockaddr_in?");
    REFUSE_AS(ERROR_NAME, "struct widget w;", 7, "system's own");
    REFUSE_AS(ERROR_NAME, "union sockaddr_in w;", 6, "");
    REFUSE_AS(ERROR_NAME, "sockelen_t len;", 0, "socklen_t");
    REFUSE_AS(ERROR_NAME, "sockaddr_in server;", 0, "struct sockaddr_in");
    REFUSE_AS(ERROR_NAME, "retrun 0;", 0, "return");
    REFUSE_AS(ERROR_NAME, "whlie (1) { f(); }", 0, "while");
    REFUSE_AS(ERROR_NAME, "strcut sockaddr_in server;", 0, "struct");
}

static void bytes_that_are_no_c(void **state) {
    (void)state;
    REFUSE("puts(\"x)", 5, "not closed");
    REFUSE("puts(\"x)\nputs(\"y\")", 5, "not closed");
    REFUSE("puts(\"hello\xe2\x80\x9d)", 5, "typographic");
    REFUSE("x = 'a", 4, "not closed");
    REFUSE("x = \xe2\x80\x93"
           "1",
           4, "type - instead");
    REFUSE("puts(\xe2\x80\x9chi\xe2\x80\x9d)", 5, "type \" instead");
    REFUSE("x = 1 @ 2", 6, "@");
    REFUSE("x = \x01", 4, "0x01");
    REFUSE("\"a\x1b\"", 2, "0x1b");
    REFUSE("x\xe2\x80\x8b = 1", 1, "U+200B");
    REFUSE("x = \xff", 4, "0xff");
    REFUSE("gr\xc3\xb6\xc3\x9f"
           "e = 1",
           2, "U+00F6");
    REFUSE("a \\ b", 2, "end of a line");
    struct tree tree;
    struct error error = {0};
    assert_false(parse("ab\0c", 4, &tree, &error));
    assert_int_equal(error.where.at, 2);
    assert_int_equal(error.kind, ERROR_SYNTAX);
    error_free(&error);
}

static void more_text_could_complete_it(void **state) {
    (void)state;
    INCOMPLETE("f(");
    INCOMPLETE("f(1,");
    INCOMPLETE("f(1");
    INCOMPLETE("a[");
    INCOMPLETE("x =");
    INCOMPLETE("x +");
    INCOMPLETE("x = (1 + 2");
    INCOMPLETE("if");
    INCOMPLETE("if (");
    INCOMPLETE("if (x)");
    INCOMPLETE("if (x) y; else");
    INCOMPLETE("else");
    INCOMPLETE("else if");
    INCOMPLETE("else if (x)");
    INCOMPLETE("else {");
    INCOMPLETE("else if (x) { y; } else");
    INCOMPLETE("while (x)");
    INCOMPLETE("while (x) {");
    INCOMPLETE("while (x) { f();");
    INCOMPLETE("while (x) { f()");
    INCOMPLETE("do");
    INCOMPLETE("do x++;");
    INCOMPLETE("do { } while");
    INCOMPLETE("do { } while (x");
    INCOMPLETE("for (");
    INCOMPLETE("for (;;");
    INCOMPLETE("for (int i = 0; i < 3; i++)");
    INCOMPLETE("{");
    INCOMPLETE("struct");
    INCOMPLETE("struct sockaddr_in");
    INCOMPLETE("int a,");
    INCOMPLETE("int a[3] = {");
    INCOMPLETE("int a[3] = { [1]");
    INCOMPLETE("struct sockaddr_in s = { .sin_addr.");
    INCOMPLETE("a ? b");
    INCOMPLETE("a ? b :");
    INCOMPLETE("sizeof(");
    INCOMPLETE("(char");
    INCOMPLETE("(char *)");
    INCOMPLETE("x.");
    INCOMPLETE("a.b.");
    INCOMPLETE("f({AF_INET");
    INCOMPLETE("f({AF_INET,");
    INCOMPLETE("f({AF_INET, 127.0.0.1:80");
    REFUSE_AS(ERROR_INCOMPLETE, "x = 1; /* and", 7, "*/");
    REFUSE_AS(ERROR_INCOMPLETE, "f( /* and", 3, "*/");
}

static char *repeat(const char *before, const char *part, size_t count, const char *after) {
    struct buf text = {0};

    buf_add_text(&text, before);
    for (size_t i = 0; i < count; i++)
        buf_add_text(&text, part);
    buf_add_text(&text, after);
    return buf_take(&text);
}

static void limits_hold(void **state) {
    (void)state;
    static const struct {
        const char *before, *part, *after;
    } deep[] = {
        {"", "(", ""},         {"", "{", ""},
        {"x", "[1]", ""},      {"x", "+1", ""},
        {"", "-", "x"},        {"", "!", "x"},
        {"", "f(", ""},        {"x", ".a", ""},
        {"", "x=", "1"},       {"", "x,", "1"},
        {"", "1?", ""},        {"", "1?1:", "1"},
        {"", "if(1)", ";"},    {"", "do ", ";"},
        {"", "(int)", "x"},    {"", "sizeof ", "x"},
        {"int a={", "{", ""},  {"int a={", ".b", ""},
        {"int ", "*", "p"},    {"int ", "(", "p"},
        {"int a", "[1]", ""},  {"", "if(1);else ", ";"},
        {"", "while(1)", ";"}, {"", "(int){", ""},
        {"", "*", "p"},
    };

    for (size_t i = 0; i < sizeof(deep) / sizeof(deep[0]); i++) {
        size_t length = strlen(deep[i].part);
        char *text = repeat(deep[i].before, deep[i].part, (PARSE_SOURCE_MAX - 100) / length, deep[i].after);
        struct tree tree;
        struct error error = {0};
        assert_false(parse(text, strlen(text), &tree, &error));
        if (error.kind != ERROR_LIMIT)
            fail_msg("%s: %s", deep[i].part, error.text);
        error_free(&error);
        free(text);
    }
    char *wide = repeat("f(", "1,", 10000, "1)");
    struct tree tree;
    struct error error = {0};
    assert_true(parse(wide, strlen(wide), &tree, &error));
    assert_int_equal(tree.program->list->left->count, 10001);
    tree_free(&tree);
    free(wide);
    char *long_text = repeat("", ";", PARSE_SOURCE_MAX, ";");
    assert_false(parse(long_text, strlen(long_text), &tree, &error));
    assert_int_equal(error.kind, ERROR_LIMIT);
    error_free(&error);
    free(long_text);
}

/* Where the parts of a tree stand in the text. */
static void spans_are_right(void **state) {
    (void)state;
    static const char source[] = "x = (a + b) * f(1, p->q);  y";
    struct tree tree;
    struct error error = {0};

    assert_true(parse(source, strlen(source), &tree, &error));
    const struct node *statement = tree.program->list, *assign = statement->left, *times = assign->right;
    const struct node *call = times->right;
    assert_int_equal(statement->where.at, 0);
    assert_int_equal(statement->where.length, 25);
    assert_int_equal(assign->where.length, 24);
    assert_int_equal(assign->operator.at, 2);
    assert_int_equal(times->where.at, 4);
    assert_int_equal(times->operator.at, 12);
    assert_int_equal(times->left->where.length, 7);
    assert_true(times->left->parenthesised);
    assert_int_equal(times->left->operator.at, 7);
    assert_int_equal(call->where.at, 14);
    assert_int_equal(call->where.length, 10);
    assert_int_equal(call->operator.at, 14);
    assert_int_equal(call->list->next->where.at, 19);
    assert_int_equal(call->list->next->where.length, 4);
    assert_int_equal(call->list->next->operator.at, 22);
    assert_int_equal(statement->next->where.at, 27);
    assert_int_equal(tree.program->where.length, 28);
    tree_free(&tree);
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
        cmocka_unit_test(mistakes_are_located),
        cmocka_unit_test(missing_features_have_remedies),
        cmocka_unit_test(misspelt_words_are_suggested),
        cmocka_unit_test(bytes_that_are_no_c),
        cmocka_unit_test(more_text_could_complete_it),
        cmocka_unit_test(limits_hold),
        cmocka_unit_test(spans_are_right),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
