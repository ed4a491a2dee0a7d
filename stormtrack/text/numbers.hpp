// Numbers as C's printf and scanf families print and read them, by <charconv>: correctly rounded, in no locale.

#pragma once

#include <cstdint>

namespace stormtrack {

/// What is taken for a real number: what files of data hold (digits, point, exponent, nan, inf, infinity), or all that
/// C's strtod takes (hexadecimal floats and nan(...) too).
enum class Syntax { decimal, c };

/// A number and the place behind it; `end` is null where no number stands.
template <class Number> struct Parsed {
    Number value{};
    const char *end = nullptr;
};

/// The real number at the start of [at, end), rounded once to float or double. Too large is infinite, too small 0.
/// Every NaN is the quiet one without a payload, with the sign as written.
template <class Real> Parsed<Real> read_real(const char *at, const char *end, Syntax syntax);

/// The integer of at most 18 digits at the start of [at, end).
Parsed<std::int64_t> read_integer(const char *at, const char *end);

/// How a real number is printed.
enum class Style { fixed, scientific };

/// Bytes that no real number printed with six decimals exceeds; `digits` before the point are those of `%f`.
constexpr int real_room(int digits) { return digits + 9; }
constexpr int digits_of_float = 39, digits_of_double = 309, room_of_integer = 20;

/// Print `%f` or `%e` into [out, limit), which has the room stated above; the place behind it.
char *put_real(char *out, char *limit, float value, Style style);
char *put_real(char *out, char *limit, double value, Style style);

/// Print a decimal integer, right-aligned in `width`, into room for it and for `room_of_integer`; the place behind it.
char *put_integer(char *out, std::int64_t value, int width);

} // namespace stormtrack
