/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What C's operators give for two values.  Integers are worked on as uint64_t,
 * where everything wraps and nothing is undefined, and cut to their type
 * afterwards; what C leaves undefined otherwise is an error here.
 */
#include "lang/eval.h"

const char *op_text(enum op op) {
    static const char *const texts[] = {
        [OP_NONE] = "=",    [OP_ADD] = "+",        [OP_SUBTRACT] = "-",    [OP_MULTIPLY] = "*",
        [OP_DIVIDE] = "/",  [OP_REMAINDER] = "%",  [OP_SHIFT_LEFT] = "<<", [OP_SHIFT_RIGHT] = ">>",
        [OP_LESS] = "<",    [OP_GREATER] = ">",    [OP_LESS_EQUAL] = "<=", [OP_GREATER_EQUAL] = ">=",
        [OP_EQUAL] = "==",  [OP_NOT_EQUAL] = "!=", [OP_BIT_AND] = "&",     [OP_BIT_XOR] = "^",
        [OP_BIT_OR] = "|",  [OP_AND] = "&&",       [OP_OR] = "||",         [OP_NEGATE] = "-",
        [OP_PLUS] = "+",    [OP_NOT] = "!",        [OP_COMPLEMENT] = "~",  [OP_DEREFERENCE] = "*",
        [OP_ADDRESS] = "&",
    };
    return texts[op];
}

static struct span caret(const struct node *node) {
    return node->operator.length ? node->operator : node->where;
}

static bool refuse_type(const struct type *type, enum op op, const struct node *node, struct error *error) {
    struct buf text = {0};

    type_spell(type, &text);
    if (type->kind == TYPE_VOID)
        error_set(error, ERROR_TYPE, caret(node), "%s needs a value, and this has none (void)", op_text(op));
    else
        error_set(error, ERROR_TYPE, caret(node), "%s cannot be used with %s", op_text(op), buf_text(&text));
    if (type->kind == TYPE_STRUCT)
        error_hint(error, "use one of its fields");
    buf_free(&text);
    return false;
}

static bool divide(enum op op, const struct type *type, uint64_t a, uint64_t b, const struct node *node,
                   uint64_t *result, struct error *error) {
    if (b == 0)
        return error_set(error, ERROR_ARITHMETIC, caret(node), "division by zero");
    if (!type->is_signed) {
        *result = op == OP_DIVIDE ? a / b : a % b;
        return true;
    }
    if ((int64_t)b == -1) {
        /* The least number has no positive counterpart; the processor would trap. */
        if (a == value_of(type, (uint64_t)1 << (type->size * 8 - 1)).bits)
            return error_set(error, ERROR_ARITHMETIC, caret(node),
                             "the result of %lld %s -1 does not fit in %s", (long long)a, op_text(op),
                             type->name);
        *result = op == OP_DIVIDE ? 0 - a : 0;
        return true;
    }
    *result = (uint64_t)(op == OP_DIVIDE ? (int64_t)a / (int64_t)b : (int64_t)a % (int64_t)b);
    return true;
}

static bool shift(enum op op, struct value left, struct value right, const struct node *node,
                  struct value *result, struct error *error) {
    const struct type *type = type_promoted(left.type);
    unsigned width = (unsigned)type->size * 8;

    if (right.bits >= width) { /* negative ones are huge */
        error_set(error, ERROR_ARITHMETIC, caret(node), "%s by %lld: a number of type %s has %u bits",
                  op_text(op), (long long)right.bits, type->name, width);
        error_hint(error, "shift by 0 to %u", width - 1);
        return false;
    }
    if (op == OP_SHIFT_LEFT)
        *result = value_of(type, left.bits << right.bits);
    else
        *result = value_of(type, type->is_signed ? (uint64_t)((int64_t)left.bits >> right.bits)
                                                 : left.bits >> right.bits);
    return true;
}

static bool compare(enum op op, bool is_signed, uint64_t a, uint64_t b) {
    bool less = is_signed ? (int64_t)a < (int64_t)b : a < b;

    switch (op) {
    case OP_LESS:
        return less;
    case OP_GREATER:
        return !less && a != b;
    case OP_LESS_EQUAL:
        return less || a == b;
    case OP_GREATER_EQUAL:
        return !less;
    case OP_EQUAL:
        return a == b;
    default:
        return a != b;
    }
}

static bool is_comparison(enum op op) {
    return op >= OP_LESS && op <= OP_NOT_EQUAL;
}

static bool operate_integers(enum op op, struct value left, struct value right, const struct node *node,
                             struct value *result, struct error *error) {
    if (op == OP_SHIFT_LEFT || op == OP_SHIFT_RIGHT)
        return shift(op, left, right, node, result, error);

    const struct type *type = type_common(left.type, right.type);
    uint64_t a = value_of(type, left.bits).bits, b = value_of(type, right.bits).bits, bits = 0;
    if (is_comparison(op)) {
        *result = value_int(compare(op, type->is_signed, a, b));
        return true;
    }
    switch (op) {
    case OP_ADD:
        bits = a + b;
        break;
    case OP_SUBTRACT:
        bits = a - b;
        break;
    case OP_MULTIPLY:
        bits = a * b;
        break;
    case OP_DIVIDE:
    case OP_REMAINDER:
        if (!divide(op, type, a, b, node, &bits, error))
            return false;
        break;
    case OP_BIT_AND:
        bits = a & b;
        break;
    case OP_BIT_XOR:
        bits = a ^ b;
        break;
    case OP_BIT_OR:
        bits = a | b;
        break;
    default:
        return refuse_type(type, op, node, error);
    }
    *result = value_of(type, bits);
    return true;
}

/* What a pointer's arithmetic counts in; GNU C lets void * count in bytes. */
static bool element_size(const struct type *pointer, const struct node *node, int64_t *size,
                         struct error *error) {
    if (pointer->of->kind == TYPE_VOID) {
        *size = 1;
        return true;
    }
    *size = (int64_t)pointer->of->size;
    return type_is_complete(pointer->of, caret(node), error);
}

bool operate_offset(uint64_t address, int64_t bytes, const struct node *node, uint64_t *result,
                    struct error *error) {
    int64_t offset;

    if (__builtin_add_overflow(bytes, (int64_t)memory_offset(address), &offset) ||
        offset != (int32_t)offset) {
        error_set(error, ERROR_MEMORY, caret(node), "this leads the pointer too far away from anything");
        error_hint(error, "a pointer belongs to one object and moves within it");
        return false;
    }
    *result = (address & ~(uint64_t)UINT32_MAX) | (uint32_t)offset;
    return true;
}

bool operate_move(struct value pointer, int64_t elements, const struct node *node, struct value *result,
                  struct error *error) {
    int64_t size, bytes;
    uint64_t address;

    if (!element_size(pointer.type, node, &size, error))
        return false;
    if (__builtin_mul_overflow(elements, size, &bytes))
        bytes = INT64_MAX; /* refused just the same */
    if (!operate_offset(pointer.bits, bytes, node, &address, error))
        return false;
    *result = (struct value){pointer.type, address};
    return true;
}

static bool refuse_unrelated(enum op op, const struct node *node, struct error *error) {
    error_set(error, ERROR_MEMORY, caret(node),
              "these pointers belong to different objects: C gives %s no meaning", op_text(op));
    error_hint(error, "== and != compare any two pointers");
    return false;
}

static bool difference(struct value left, struct value right, const struct node *node, struct value *result,
                       struct error *error) {
    int64_t size;

    if (left.type->of->size != right.type->of->size)
        return refuse_type(right.type, OP_SUBTRACT, node, error);
    if (!element_size(left.type, node, &size, error))
        return false;
    if (!memory_same_object(left.bits, right.bits))
        return refuse_unrelated(OP_SUBTRACT, node, error);
    int64_t bytes = (int64_t)memory_offset(left.bits) - memory_offset(right.bits);
    *result = value_of(&type_long, (uint64_t)(bytes / size));
    return true;
}

static bool compare_pointers(enum op op, struct value left, struct value right, const struct node *node,
                             struct value *result, struct error *error) {
    if (op == OP_EQUAL || op == OP_NOT_EQUAL) {
        *result = value_int(compare(op, false, left.bits, right.bits));
        return true;
    }
    if (left.type->kind != right.type->kind) {
        error_set(error, ERROR_TYPE, caret(node), "a pointer and a number have no order");
        error_hint(error, "calls that return a pointer fail with NULL: compare with == NULL");
        return false;
    }
    if (!memory_same_object(left.bits, right.bits))
        return refuse_unrelated(op, node, error);
    *result = value_int(compare(op, true, (uint64_t)(int64_t)memory_offset(left.bits),
                                (uint64_t)(int64_t)memory_offset(right.bits)));
    return true;
}

static bool operate_pointers(enum op op, struct value left, struct value right, const struct node *node,
                             struct value *result, struct error *error) {
    bool left_is = left.type->kind == TYPE_POINTER, right_is = right.type->kind == TYPE_POINTER;

    if (is_comparison(op))
        return compare_pointers(op, left, right, node, result, error);
    if (op == OP_ADD && left_is != right_is) {
        /* A huge unsigned number moves backwards, as on the machine. */
        return left_is ? operate_move(left, (int64_t)right.bits, node, result, error)
                       : operate_move(right, (int64_t)left.bits, node, result, error);
    }
    if (op == OP_SUBTRACT && left_is && right_is)
        return difference(left, right, node, result, error);
    if (op == OP_SUBTRACT && left_is) {
        int64_t back;
        if (__builtin_sub_overflow((int64_t)0, (int64_t)right.bits, &back))
            back = INT64_MAX; /* too far in any case */
        return operate_move(left, back, node, result, error);
    }
    return refuse_type(left_is ? left.type : right.type, op, node, error);
}

bool operate(enum op op, struct value left, struct value right, const struct node *node, struct value *result,
             struct error *error) {
    if (left.type->kind == TYPE_INTEGER && right.type->kind == TYPE_INTEGER)
        return operate_integers(op, left, right, node, result, error);
    if (!type_is_scalar(left.type))
        return refuse_type(left.type, op, node, error);
    if (!type_is_scalar(right.type))
        return refuse_type(right.type, op, node, error);
    return operate_pointers(op, left, right, node, result, error);
}

bool operate_unary(enum op op, struct value operand, const struct node *node, struct value *result,
                   struct error *error) {
    if (op == OP_NOT && type_is_scalar(operand.type)) {
        *result = value_int(!value_is_true(operand));
        return true;
    }
    if (operand.type->kind != TYPE_INTEGER)
        return refuse_type(operand.type, op, node, error);

    const struct type *type = type_promoted(operand.type);
    uint64_t bits = operand.bits;
    *result = value_of(type, op == OP_NEGATE ? 0 - bits : op == OP_COMPLEMENT ? ~bits : bits);
    return true;
}
