// Reading of text files: tagged lines, rows of numbers, and numbers in a row.

#include "scanning.hpp"

#include <algorithm>
#include <cstring>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "numbers.hpp"
#include "python.hpp"

namespace stormtrack {
namespace {

constexpr Py_ssize_t long_text = 1 << 16;

/// White space within a line.
bool is_blank(char c) { return c == ' ' || (c != '\n' && '\t' <= c && c <= '\r'); }

const char *skip_blanks(const char *at, const char *end)
{
    while (at < end && is_blank(*at)) {
        ++at;
    }
    return at;
}

/// What is wrong with a text, while reading what, and where.
struct Problem {
    const char *what;
    int code;
    std::int64_t line;
};

constexpr const char *ends_early = "ends", *unreadable = "unreadable", *bad_count = "count", *no_tag = "tag";

/// Where reading stands.
struct Position {
    const char *at;
    std::int64_t line;
};

struct Line {
    std::vector<std::string> tags;
    std::optional<std::int64_t> absent;
    bool counts = false;
    int code = 0;
};

/// Numbers of rows, by row.
struct Table {
    std::vector<std::int64_t> integers;
    std::vector<float> reals;
};

struct Rows {
    std::size_t count = 0;
    std::string columns, columns_else;
    std::optional<std::size_t> choice;
    int code = 0;
    Table table{};
};

struct Group;

struct Nested {
    std::size_t count = 0;
    std::unique_ptr<Group> group{};
};

/// Lines that belong together, and the values read from them, by group.
struct Group {
    std::vector<std::variant<Line, Rows, Nested>> steps{};
    std::size_t width = 0;
    std::vector<std::int64_t> values{};
};

/// The description of a text, from the tuples that `scan` takes.
class Description {
  public:
    Group group(PyObject *steps, const Group *outer);

  private:
    void add_line(Group &group, PyObject *step);
    void add_rows(Group &group, PyObject *step, const Group *outer);
    void add_nested(Group &group, PyObject *step);

    int code = 0;
};

/// The value of a group that a step refers to.
std::size_t value_of(const Group *group, Py_ssize_t number)
{
    if (group == nullptr || number < 0 || static_cast<std::size_t>(number) >= group->width) {
        raise(PyExc_ValueError, "no value %zd comes before this step", number);
    }
    return static_cast<std::size_t>(number);
}

void Description::add_line(Group &group, PyObject *step)
{
    const char *kind = nullptr;
    PyObject *tags = nullptr, *absent = nullptr;
    int counts = 0;
    parse(step, "sO!Op", &kind, &PyTuple_Type, &tags, &absent, &counts);
    Line line;
    for (Py_ssize_t i = 0; i < PyTuple_GET_SIZE(tags); ++i) {
        char *text = nullptr;
        Py_ssize_t size = 0;
        if (PyBytes_AsStringAndSize(PyTuple_GET_ITEM(tags, i), &text, &size) != 0) {
            throw PythonError{};
        }
        line.tags.emplace_back(text, static_cast<std::size_t>(size));
    }
    if (line.tags.empty()) {
        raise(PyExc_ValueError, "a line has at least one tag");
    }
    if (absent != Py_None) {
        line.absent = PyLong_AsLongLong(absent);
        if (PyErr_Occurred() != nullptr) {
            throw PythonError{};
        }
    }
    line.counts = counts != 0;
    line.code = code;
    code += static_cast<int>(line.tags.size());
    group.width += line.tags.size();
    group.steps.emplace_back(std::move(line));
}

std::string checked_columns(const char *columns)
{
    if (columns[std::strspn(columns, "dowf")] != '\0' || *columns == '\0') {
        raise(PyExc_ValueError, "columns '%s'; known: d o w f", columns);
    }
    return columns;
}

void Description::add_rows(Group &group, PyObject *step, const Group *outer)
{
    const char *kind = nullptr, *columns = nullptr;
    PyObject *choice = nullptr;
    Py_ssize_t count = 0;
    parse(step, "snsO", &kind, &count, &columns, &choice);
    Rows rows;
    rows.count = value_of(&group, count);
    rows.columns = checked_columns(columns);
    rows.code = code++;
    if (choice != Py_None) {
        const char *others = nullptr;
        Py_ssize_t value = 0;
        parse(choice, "ns", &value, &others);
        rows.choice = value_of(outer, value);
        rows.columns_else = checked_columns(others);
    }
    group.steps.emplace_back(std::move(rows));
}

void Description::add_nested(Group &group, PyObject *step)
{
    const char *kind = nullptr;
    PyObject *steps = nullptr;
    Nested nested;
    Py_ssize_t count = 0;
    parse(step, "snO", &kind, &count, &steps);
    nested.count = value_of(&group, count);
    nested.group = std::make_unique<Group>(this->group(steps, &group));
    group.steps.emplace_back(std::move(nested));
}

Group Description::group(PyObject *steps, const Group *outer)
{
    Group group;
    const Reference list(PySequence_Tuple(steps));
    for (Py_ssize_t i = 0; i < PyTuple_GET_SIZE(list.get()); ++i) {
        PyObject *step = PyTuple_GET_ITEM(list.get(), i);
        const char *kind = nullptr;
        PyObject *rest[3];
        parse(step, "sO|OO", &kind, rest, rest + 1, rest + 2);
        if (std::strcmp(kind, "line") == 0) {
            add_line(group, step);
        } else if (std::strcmp(kind, "rows") == 0) {
            add_rows(group, step, outer);
        } else if (std::strcmp(kind, "group") == 0) {
            add_nested(group, step);
        } else {
            raise(PyExc_ValueError, "unknown step '%s'", kind);
        }
    }
    return group;
}

/// Reads a text as described.
class Scanner {
  public:
    Scanner(const char *begin, const char *behind, Position start)
        : end(behind), here(start), most_lines(std::count(begin, behind, '\n') + 2)
    {
    }

    /// Read a group `count` times, or to the end of the text.
    void read(Group &group, std::int64_t count)
    {
        for (std::int64_t i = 0; i < count || (count < 0 && something_follows()); ++i) {
            read_group(group, nullptr);
        }
    }

  private:
    bool next_line(std::string_view &line);
    bool something_follows();
    void read_group(Group &group, const std::int64_t *outer);
    void read_line(const Line &wanted, std::int64_t *values);
    std::int64_t read_value(const char *&at, const char *line_end, int code) const;
    void read_rows(Rows &rows, std::int64_t count, const std::int64_t *outer);
    static bool read_row(std::string_view line, const std::string &columns, Table &table);

    const char *end;
    Position here;
    std::int64_t most_lines;
};

/// Take the next line with text; false at the end of the text.
bool Scanner::next_line(std::string_view &line)
{
    while (here.at < end) {
        const char *const begin = here.at;
        const void *newline = std::memchr(begin, '\n', static_cast<std::size_t>(end - begin));
        const char *const line_end = newline == nullptr ? end : static_cast<const char *>(newline);
        here = {line_end == end ? end : line_end + 1, here.line + 1};
        if (skip_blanks(begin, line_end) < line_end) {
            line = {begin, static_cast<std::size_t>(line_end - begin)};
            return true;
        }
    }
    return false;
}

bool Scanner::something_follows()
{
    const Position before = here;
    std::string_view line;
    const bool found = next_line(line);
    here = before;
    return found;
}

void Scanner::read_group(Group &group, const std::int64_t *outer)
{
    const std::size_t first = group.values.size();
    group.values.resize(first + group.width);
    std::int64_t *const values = group.values.data() + first; // groups inside have their own
    std::size_t column = 0;
    for (auto &step : group.steps) {
        if (const auto *line = std::get_if<Line>(&step)) {
            read_line(*line, values + column);
            column += line->tags.size();
        } else if (auto *rows = std::get_if<Rows>(&step)) {
            read_rows(*rows, values[rows->count], outer);
        } else {
            Nested &nested = std::get<Nested>(step);
            for (std::int64_t i = 0; i < values[nested.count]; ++i) {
                read_group(*nested.group, values);
            }
        }
    }
}

std::int64_t Scanner::read_value(const char *&at, const char *line_end, int code) const
{
    const auto [value, behind] = read_integer(skip_blanks(at, line_end), line_end);
    if (behind == nullptr) {
        throw Problem{unreadable, code, here.line};
    }
    at = behind;
    return value;
}

void Scanner::read_line(const Line &wanted, std::int64_t *values)
{
    const Position before = here;
    std::string_view line;
    if (!next_line(line)) {
        throw Problem{ends_early, wanted.code, here.line};
    }
    const std::size_t found = line.find(wanted.tags[0]);
    if (found == std::string_view::npos) {
        if (!wanted.absent) {
            throw Problem{no_tag, wanted.code, here.line};
        }
        here = before;
        values[0] = *wanted.absent;
        return;
    }
    const char *const line_end = line.data() + line.size();
    const char *at = line.data() + found + wanted.tags[0].size();
    while (at < line_end && !is_blank(*at)) { // the rest of a longer word
        ++at;
    }
    values[0] = read_value(at, line_end, wanted.code);
    for (std::size_t i = 1; i < wanted.tags.size(); ++i) {
        const std::string_view rest(at, static_cast<std::size_t>(line_end - at));
        const std::size_t place = rest.find(wanted.tags[i]);
        if (place != std::string_view::npos) {
            at += place + wanted.tags[i].size();
            values[i] = read_value(at, line_end, wanted.code + static_cast<int>(i));
        }
    }
    if (wanted.counts && (values[0] < 0 || values[0] > most_lines - here.line)) {
        throw Problem{bad_count, wanted.code, here.line};
    }
}

void Scanner::read_rows(Rows &rows, std::int64_t count, const std::int64_t *outer)
{
    const std::string &columns = rows.choice && outer[*rows.choice] != 0 ? rows.columns_else : rows.columns;
    for (std::int64_t i = 0; i < count; ++i) {
        std::string_view line;
        if (!next_line(line)) {
            throw Problem{ends_early, rows.code, here.line};
        }
        if (!read_row(line, columns, rows.table)) {
            throw Problem{unreadable, rows.code, here.line};
        }
    }
}

/// Append the numbers of a line to a table; an ampersand may stand before each. False if it does not hold them.
bool Scanner::read_row(std::string_view line, const std::string &columns, Table &table)
{
    const char *at = line.data();
    const char *const line_end = at + line.size();
    for (const char column : columns) {
        at = skip_blanks(at, line_end);
        if (at < line_end && *at == '&') {
            at = skip_blanks(at + 1, line_end);
        }
        if (column == 'f') {
            const auto [value, behind] = read_real<float>(at, line_end, Syntax::decimal);
            if (behind == nullptr) {
                return false;
            }
            table.reals.push_back(value);
            at = behind;
            continue;
        }
        const auto [value, behind] = read_integer(at, line_end);
        if (behind == nullptr && column != 'o') {
            return false;
        }
        if (column == 'w') {
            table.reals.push_back(static_cast<float>(value));
        } else {
            table.integers.push_back(value);
        }
        at = behind == nullptr ? at : behind;
    }
    return true;
}

/// The elements of a vector, which is emptied, as a bytearray at the end of a list.
template <class Number> void move_to(PyObject *list, std::vector<Number> &numbers)
{
    const auto size = static_cast<Py_ssize_t>(numbers.size() * sizeof(Number));
    const Reference bytes(PyByteArray_FromStringAndSize(reinterpret_cast<const char *>(numbers.data()), size));
    std::vector<Number>().swap(numbers);
    if (PyList_Append(list, bytes.get()) != 0) {
        throw PythonError{};
    }
}

void move_to(PyObject *values, PyObject *tables, Group &group)
{
    move_to(values, group.values);
    for (auto &step : group.steps) {
        if (auto *rows = std::get_if<Rows>(&step)) {
            move_to(tables, rows->table.integers);
            move_to(tables, rows->table.reals);
        } else if (auto *nested = std::get_if<Nested>(&step)) {
            move_to(values, tables, *nested->group);
        }
    }
}

} // namespace

PyObject *scan(PyObject *, PyObject *arguments)
{
    return guarded([&] {
        PyObject *text = nullptr, *steps = nullptr;
        Py_ssize_t position = 0;
        long long line = 0, count = 0;
        parse(arguments, "OnLLO", &text, &position, &line, &count, &steps);
        const Buffer buffer(text, PyBUF_SIMPLE);
        if (position < 0 || position > buffer->len) {
            raise(PyExc_ValueError, "position %zd in a text of %zd bytes", position, buffer->len);
        }
        Group group = Description().group(steps, nullptr);
        std::optional<Problem> problem;
        {
            const Unlocked unlocked(buffer->len > long_text);
            try {
                Scanner(buffer.begin(), buffer.end(), {buffer.begin() + position, line}).read(group, count);
            } catch (const Problem &found) {
                problem = found;
            }
        }
        if (problem) {
            return checked(Py_BuildValue("((siL)[][])", problem->what, problem->code,
                                         static_cast<long long>(problem->line)));
        }
        const Reference values(PyList_New(0)), tables(PyList_New(0));
        move_to(values.get(), tables.get(), group);
        return checked(Py_BuildValue("(OOO)", Py_None, values.get(), tables.get()));
    });
}

PyObject *read_reals(PyObject *, PyObject *arguments)
{
    return guarded([&] {
        PyObject *text = nullptr, *out = nullptr;
        Py_ssize_t filled = 0;
        parse(arguments, "OOn", &text, &out, &filled);
        const Buffer buffer(text, PyBUF_SIMPLE), target(out, PyBUF_CONTIG | PyBUF_FORMAT);
        if (target.type() != 'f') {
            raise(PyExc_TypeError, "real numbers are read into float32");
        }
        const Py_ssize_t wanted = target->len / 4;
        if (filled < 0 || filled > wanted) {
            raise(PyExc_ValueError, "element %zd of %zd", filled, wanted);
        }
        auto *const values = static_cast<float *>(target->buf);
        const char *at = buffer.begin();
        const auto skip_space = [&buffer](const char *from) {
            return std::find_if_not(from, buffer.end(), [](char c) { return c == '\n' || is_blank(c); });
        };
        bool good = true;
        {
            const Unlocked unlocked(buffer->len > long_text);
            while (filled < wanted) {
                const char *const next = skip_space(at);
                const auto [value, behind] = read_real<float>(next, buffer.end(), Syntax::decimal);
                if (behind == nullptr) {
                    good = next == buffer.end();
                    at = next;
                    break;
                }
                values[filled++] = value;
                at = behind;
            }
        }
        return checked(Py_BuildValue("(nnO)", filled, at - buffer.begin(), good ? Py_True : Py_False));
    });
}

} // namespace stormtrack
