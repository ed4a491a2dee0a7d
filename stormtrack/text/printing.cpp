// Tables of numbers as text: rows in printf's formats, woven into groups.

#include "printing.hpp"

#include <algorithm>
#include <cstdlib>
#include <cstring>
#include <deque>
#include <optional>
#include <string_view>
#include <vector>

#include "numbers.hpp"
#include "python.hpp"

namespace stormtrack {
namespace {

constexpr Py_ssize_t many_numbers = 2000;

/// Text that grows.
class Output {
  public:
    Output() = default;
    Output(const Output &) = delete;
    Output &operator=(const Output &) = delete;
    ~Output() { std::free(start); }

    /// Where to go on, with room for so many bytes.
    char *room(std::size_t bytes)
    {
        if (capacity - size < bytes) {
            capacity = 2 * capacity + bytes;
            void *const grown = std::realloc(start, capacity);
            if (grown == nullptr) {
                throw std::bad_alloc();
            }
            start = static_cast<char *>(grown);
        }
        return start + size;
    }

    void ends_at(const char *end) { size = static_cast<std::size_t>(end - start); }

    PyObject *as_bytes() const { return checked(PyBytes_FromStringAndSize(start, static_cast<Py_ssize_t>(size))); }

  private:
    char *start = nullptr;
    std::size_t size = 0, capacity = 0;
};

/// One conversion of a format and the text behind it.
struct Cell {
    enum class Kind { integer, optional_integer, fixed, scientific };

    Kind kind = Kind::integer;
    int width = 0;
    std::string_view after;

    bool is_real() const { return kind == Kind::fixed || kind == Kind::scientific; }
};

/// A format such as "%d %10ld %f & %e %d?\n".
struct Format {
    std::string_view before;
    std::vector<Cell> cells;

    explicit Format(const char *text);
};

/// What follows a percent sign: [width][l]d, d?, f or e; the place behind it.
const char *read_conversion(const char *at, Cell &cell, const char *format)
{
    for (; '0' <= *at && *at <= '9' && cell.width < 100; ++at) {
        cell.width = cell.width * 10 + (*at - '0');
    }
    at += at[0] == 'l' && at[1] == 'd';
    if (*at == 'd') {
        cell.kind = at[1] == '?' ? Cell::Kind::optional_integer : Cell::Kind::integer;
        return at + (at[1] == '?' ? 2 : 1);
    }
    if ((*at != 'f' && *at != 'e') || cell.width != 0) {
        raise(PyExc_ValueError, "unknown conversion in '%s'; known: %%d %%10d %%ld %%d? %%f %%e", format);
    }
    cell.kind = *at == 'f' ? Cell::Kind::fixed : Cell::Kind::scientific;
    return at + 1;
}

Format::Format(const char *text)
{
    const char *at = text;
    const auto take_text = [&at] {
        const std::size_t size = std::strcspn(at, "%");
        const std::string_view piece(at, size);
        at += size;
        return piece;
    };
    before = take_text();
    while (*at != '\0') {
        Cell cell;
        at = read_conversion(at + 1, cell, text);
        cell.after = take_text();
        cells.push_back(cell);
    }
    if (cells.empty()) {
        raise(PyExc_ValueError, "the format '%s' has no column", text);
    }
}

/// Numbers of one column, wherever they lie.
struct Column {
    const char *data;
    Py_ssize_t stride;
    char type;

    template <class Number> Number at(Py_ssize_t row) const
    {
        Number value;
        std::memcpy(&value, data + row * stride, sizeof value);
        return value;
    }

    std::int64_t integer(Py_ssize_t row) const
    {
        return type == 'i' ? at<std::int32_t>(row) : at<std::int64_t>(row);
    }

    /// Room for a real number of the column.
    int width() const { return real_room(type == 'f' ? digits_of_float : digits_of_double); }

    /// Print a real number of the column.
    char *put(char *out, Py_ssize_t row, Style style) const
    {
        char *const limit = out + width();
        return type == 'f' ? put_real(out, limit, at<float>(row), style) : put_real(out, limit, at<double>(row), style);
    }
};

/// 'i', 'q', 'f' or 'd' for the types that can be printed.
char column_type(const Buffer &buffer)
{
    const char type = buffer.type();
    if ((type == 'f' && buffer->itemsize == 4) || (type == 'd' && buffer->itemsize == 8)) {
        return type;
    }
    if ((type == 'i' || type == 'l' || type == 'q') && (buffer->itemsize == 4 || buffer->itemsize == 8)) {
        return buffer->itemsize == 4 ? 'i' : 'q';
    }
    raise(PyExc_TypeError, "a column of type '%s' cannot be printed; int32, int64, float32 and float64 can",
          buffer->format == nullptr ? "B" : buffer->format);
}

/// One kind of row: its format, its columns, and which rows belong to which group.
class Part {
  public:
    explicit Part(PyObject *description);

    Py_ssize_t n_groups() const { return offsets ? (*offsets)->len / 8 - 1 : n_rows; }
    Py_ssize_t numbers() const { return n_rows * static_cast<Py_ssize_t>(columns.size()); }

    /// Print the rows of a group.
    void put_group(Output &out, Py_ssize_t group) const
    {
        const Py_ssize_t first = offsets ? offset(group) : group;
        const Py_ssize_t last = offsets ? offset(group + 1) : group + 1;
        for (Py_ssize_t row = first; row < last; ++row) {
            out.ends_at(put_row(out.room(room), row));
        }
    }

  private:
    void add_columns(PyObject *array);
    void check_columns();
    void check_offsets() const;
    char *put_row(char *out, Py_ssize_t row) const;

    Py_ssize_t offset(Py_ssize_t group) const
    {
        std::int64_t value;
        std::memcpy(&value, offsets->begin() + 8 * group, sizeof value);
        return static_cast<Py_ssize_t>(value);
    }

    const char *format_text = nullptr;
    std::deque<Buffer> buffers;
    std::vector<Column> columns;
    std::optional<Buffer> offsets;
    std::optional<Format> format;
    Py_ssize_t n_rows = -1;
    std::size_t room = 0;
};

Part::Part(PyObject *description)
{
    PyObject *arrays = nullptr, *starts = nullptr;
    parse(description, "sOO", &format_text, &arrays, &starts);
    format.emplace(format_text);
    const Reference list(PySequence_Tuple(arrays));
    for (Py_ssize_t i = 0; i < PyTuple_GET_SIZE(list.get()); ++i) {
        add_columns(PyTuple_GET_ITEM(list.get(), i));
    }
    check_columns();
    if (starts != Py_None) {
        offsets.emplace(starts, PyBUF_CONTIG_RO | PyBUF_FORMAT);
        check_offsets();
    }
}

/// Take a one-dimensional array as a column, a two-dimensional one as several.
void Part::add_columns(PyObject *array)
{
    const Buffer &view = buffers.emplace_back(array, PyBUF_RECORDS_RO);
    const char type = column_type(view);
    if (view->ndim < 1 || view->ndim > 2) {
        raise(PyExc_ValueError, "columns have one dimension, tables of columns two, not %d", view->ndim);
    }
    if (n_rows >= 0 && view->shape[0] != n_rows) {
        raise(PyExc_ValueError, "columns of %zd and %zd rows in '%s'", n_rows, view->shape[0], format_text);
    }
    n_rows = view->shape[0];
    const Py_ssize_t count = view->ndim == 1 ? 1 : view->shape[1];
    for (Py_ssize_t i = 0; i < count; ++i) {
        columns.push_back({view.begin() + (i == 0 ? 0 : i * view->strides[1]), view->strides[0], type});
    }
}

void Part::check_columns()
{
    if (columns.size() != format->cells.size()) {
        raise(PyExc_ValueError, "%zu columns for '%s'", columns.size(), format_text);
    }
    room = format->before.size();
    for (std::size_t i = 0; i < columns.size(); ++i) {
        const Cell &cell = format->cells[i];
        const bool holds_reals = columns[i].type == 'f' || columns[i].type == 'd';
        if (cell.is_real() != holds_reals) {
            raise(PyExc_TypeError, "column %zu of '%s' holds %s", i + 1, format_text, holds_reals ? "reals" : "integers");
        }
        const int width = holds_reals ? columns[i].width() : cell.width + room_of_integer;
        room += cell.after.size() + static_cast<std::size_t>(width);
    }
}

void Part::check_offsets() const
{
    const char type = offsets->type();
    if ((*offsets)->itemsize != 8 || (type != 'l' && type != 'q') || (*offsets)->ndim != 1 || (*offsets)->len == 0) {
        raise(PyExc_ValueError, "offsets of '%s' are no int64 array of at least one element", format_text);
    }
    const Py_ssize_t count = n_groups();
    for (Py_ssize_t group = 0; group < count; ++group) {
        if (offset(group) > offset(group + 1)) {
            raise(PyExc_ValueError, "offsets of '%s' decrease", format_text);
        }
    }
    if (offset(0) < 0 || offset(count) > n_rows) {
        raise(PyExc_ValueError, "offsets %zd to %zd for %zd rows of '%s'", offset(0), offset(count), n_rows, format_text);
    }
}

char *put_text(char *out, std::string_view text)
{
    std::memcpy(out, text.data(), text.size());
    return out + text.size();
}

char *Part::put_row(char *out, Py_ssize_t row) const
{
    out = put_text(out, format->before);
    for (std::size_t i = 0; i < columns.size(); ++i) {
        const Cell &cell = format->cells[i];
        std::string_view after = cell.after;
        if (cell.is_real()) {
            out = columns[i].put(out, row, cell.kind == Cell::Kind::fixed ? Style::fixed : Style::scientific);
        } else {
            const std::int64_t value = columns[i].integer(row);
            if (value != 0 || cell.kind != Cell::Kind::optional_integer) {
                out = put_integer(out, value, cell.width);
            } else { // left out with the blanks behind it
                after.remove_prefix(std::min(after.find_first_not_of(' '), after.size()));
            }
        }
        out = put_text(out, after);
    }
    return out;
}

} // namespace

PyObject *print_groups(PyObject *, PyObject *description)
{
    return guarded([&] {
        const Reference list(PySequence_Tuple(description));
        std::deque<Part> parts;
        Py_ssize_t numbers = 0;
        for (Py_ssize_t i = 0; i < PyTuple_GET_SIZE(list.get()); ++i) {
            parts.emplace_back(PyTuple_GET_ITEM(list.get(), i));
            numbers += parts.back().numbers();
            if (parts.back().n_groups() != parts.front().n_groups()) {
                raise(PyExc_ValueError, "parts of %zd and %zd groups", parts.front().n_groups(), parts.back().n_groups());
            }
        }
        Output out;
        {
            const Unlocked unlocked(numbers > many_numbers);
            const Py_ssize_t count = parts.empty() ? 0 : parts.front().n_groups();
            for (Py_ssize_t group = 0; group < count; ++group) {
                for (const Part &part : parts) {
                    part.put_group(out, group);
                }
            }
        }
        return out.as_bytes();
    });
}

} // namespace stormtrack
